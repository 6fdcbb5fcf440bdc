package io.millrace.service.sqs;

import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Resources;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// What is told of queues before an operation runs: their ARNs, their policies and their tags.
record QueueResources(Store store) implements Resources {

    @Override
    public String arn(Caller caller, String queueUrl) {
        Arn arn = Queues.arn(caller, queueUrl);
        return arn == null ? queueUrl : arn.toString();
    }

    @Override
    public List<String> policies(Caller caller, String arn) {
        Queue queue = find(arn);
        String policy = queue == null ? null : queue.policy();
        return policy == null ? List.of() : List.of(policy);
    }

    @Override
    public boolean decidesAcrossAccounts() {
        return true;
    }

    @Override
    public Map<String, String> tags(Caller caller, String arn) {
        Queue queue = find(arn);
        return queue == null ? Map.of() : queue.tags();
    }

    private @Nullable Queue find(String text) {
        Arn arn = Arn.parse(text).orElse(null);
        return arn == null ? null : store.<@Nullable Queue>read(tx -> Queues.byArn(tx, arn));
    }
}
