package io.millrace.service.dynamodbstreams;

import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Resources;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What is told of streams before an operation runs: their policies.
record StreamResources(Store store) implements Resources {

    @Override
    public List<String> policies(Caller caller, String arn) {
        StreamArn stream = StreamArn.parse(arn);
        String policy =
                stream == null
                        ? null
                        : store.<@Nullable String>read(tx -> StreamPermission.policy(tx, stream));
        return policy == null ? List.of() : List.of(policy);
    }

    @Override
    public boolean decidesAcrossAccounts() {
        return true;
    }
}
