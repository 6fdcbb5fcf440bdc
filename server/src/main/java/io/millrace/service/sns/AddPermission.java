package io.millrace.service.sns;

import io.millrace.api.Unit;
import io.millrace.api.sns.AddPermissionInput;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `AddPermission`: a statement in the topic's policy that allows other accounts some actions.
///
/// Errors: `AuthorizationError`, `InvalidParameter`, `NotFound`. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html).
final class AddPermission implements Operation<AddPermissionInput, Unit> {
    private final Store store;

    AddPermission(Store store) {
        this.store = store;
    }

    @Override
    public Unit handle(Caller caller, AddPermissionInput request) {
        Arn arn = Topics.parse(caller, "TopicArn", request.topicArn());
        store.<@Nullable Void>write(tx -> {
            Topic topic = Topics.require(tx, caller, "AddPermission", arn);
            String policy =
                    TopicPolicy.allow(
                            topic, request.label(), request.awsAccountId(), request.actionName());
            Topics.put(tx, topic.with(TopicAttributes.POLICY, policy));
            return null;
        });
        return Unit.UNIT;
    }
}
