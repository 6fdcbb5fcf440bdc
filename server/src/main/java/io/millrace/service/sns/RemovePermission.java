package io.millrace.service.sns;

import io.millrace.api.Unit;
import io.millrace.api.sns.RemovePermissionInput;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `RemovePermission`: takes a statement out of the topic's policy; succeeds when there is none of
/// that label. Without its last statement a topic has the policy of a new one.
///
/// Errors: `AuthorizationError`, `InvalidParameter`, `NotFound`. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_RemovePermission.html).
final class RemovePermission implements Operation<RemovePermissionInput, Unit> {
    private final Store store;

    RemovePermission(Store store) {
        this.store = store;
    }

    @Override
    public Unit handle(Caller caller, RemovePermissionInput request) {
        Arn arn = Topics.parse(caller, "TopicArn", request.topicArn());
        store.<@Nullable Void>write(tx -> {
            Topic topic = Topics.require(tx, caller, "RemovePermission", arn);
            String policy = TopicPolicy.without(topic, request.label());
            Topics.put(tx, topic.with(TopicAttributes.POLICY, policy));
            return null;
        });
        return Unit.UNIT;
    }
}
