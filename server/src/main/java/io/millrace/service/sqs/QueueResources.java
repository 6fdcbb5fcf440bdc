package io.millrace.service.sqs;

import io.millrace.api.Shape;
import io.millrace.api.sqs.StartMessageMoveTaskRequest;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Requested;
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

    /// Where a move goes that names no destination: back to the dead-letter queue's source queues.
    @Override
    public List<Requested> requested(Caller caller, String operation, Shape input) {
        if (!(input instanceof StartMessageMoveTaskRequest request)) {
            return Resources.super.requested(caller, operation, input);
        }
        Queue deadLetters = request.destinationArn() == null ? find(request.sourceArn()) : null;
        return deadLetters == null
                ? List.of()
                : store
                        .<List<Queue>>read(
                                tx -> ListDeadLetterSourceQueues.sources(tx, deadLetters))
                        .stream()
                        .map(queue -> new Requested("sqs:SendMessage", queue.arn()))
                        .toList();
    }

    private @Nullable Queue find(String text) {
        Arn arn = Arn.parse(text).orElse(null);
        return arn == null ? null : store.<@Nullable Queue>read(tx -> Queues.byArn(tx, arn));
    }
}
