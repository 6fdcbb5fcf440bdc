package io.millrace.service.dynamodbstreams;

import io.millrace.engine.Snapshot;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.policy.Policy;
import io.millrace.policy.StoredPolicy;
import io.millrace.storage.ResourceCodec;
import io.millrace.stream.TableStreams;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

/// Who may read a stream: in its own account everyone whom its policy does not deny, from other
/// accounts only whom it allows.
final class StreamPermission {
    private static final ResourceCodec<StoredPolicy> CODEC =
            new ResourceCodec<>(StoredPolicy.class);
    private static final String PREFIX = "dynamodb:";

    private StreamPermission() {}

    /// @throws io.millrace.wire.ServiceException `AccessDeniedException`
    static void check(Snapshot tx, Caller caller, StreamArn stream) {
        Decision decision = evaluate(stored(tx, stream), caller, stream);
        if (decision == Decision.EXPLICIT_DENY) {
            throw denied(caller, stream, " with an explicit deny in a resource-based policy");
        }
        if (decision != Decision.ALLOW && !caller.accountId().equals(stream.accountId())) {
            throw denied(
                    caller,
                    stream,
                    " because no resource-based policy allows the "
                            + PREFIX
                            + caller.operation()
                            + " action");
        }
    }

    /// The policy of a stream; null when it has none.
    static @Nullable String policy(Snapshot tx, StreamArn stream) {
        StoredPolicy stored = stored(tx, stream);
        return stored == null ? null : stored.text();
    }

    private static @Nullable StoredPolicy stored(Snapshot tx, StreamArn stream) {
        return CODEC.decodeOrNull(
                tx.get(
                        TableStreams.policyKey(
                                stream.accountId(),
                                stream.region(),
                                stream.tableName(),
                                stream.label())));
    }

    private static Decision evaluate(
            @Nullable StoredPolicy stored, Caller caller, StreamArn stream) {
        if (stored == null || stored.text() == null) {
            return Decision.IMPLICIT_DENY;
        }
        return Policy.kept(stored.text()).evaluate(access(caller, stream));
    }

    private static Access access(Caller caller, StreamArn stream) {
        return Access.of(caller, PREFIX + caller.operation(), stream.arn());
    }

    private static ServiceException denied(Caller caller, StreamArn stream, String reason) {
        return DynamoDbStreamsErrors.denied(
                "User: "
                        + caller.principalArn()
                        + " is not authorized to perform: "
                        + PREFIX
                        + caller.operation()
                        + " on resource: "
                        + stream.text()
                        + reason);
    }
}
