package io.millrace.service.sqs;

import io.millrace.api.Unit;
import io.millrace.api.sqs.AddPermissionRequest;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;

/// `AddPermission`: adds a statement to a queue's policy that lets other accounts do something.
///
/// Errors: `QueueDoesNotExist`, `OverLimit`, `InvalidParameterValue`, `MissingParameter`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html).
final class AddPermission implements Operation<AddPermissionRequest, Unit> {
    private static final Pattern ACCOUNT_ID = Pattern.compile("[0-9]{12}");
    private static final String ACTION_NAME = "ActionName";

    private final Store store;
    private final InstantSource clock;

    AddPermission(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Unit handle(Caller caller, AddPermissionRequest request) {
        checkLabel(request.label());
        checkActions(request.actions());
        checkAccounts(request.awsAccountIds());
        return store.write(tx -> {
            Queue queue = Queues.require(tx, caller, request.queueUrl());
            String policy =
                    QueuePolicy.add(
                            queue,
                            queue.policy(),
                            request.label(),
                            request.awsAccountIds(),
                            request.actions());
            Queues.put(tx, queue.withPolicy(policy, clock.instant().getEpochSecond()));
            return Unit.UNIT;
        });
    }

    static void checkLabel(String label) {
        if (label.isEmpty()) {
            throw SqsErrors.missingParameter("Label");
        }
        if (label.length() > SqsLimits.LABEL_LENGTH_MAX || !Alphanumeric.matches(label, "-_")) {
            throw SqsErrors.invalidValue(
                    label,
                    "Label",
                    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in"
                            + " length.");
        }
    }

    private static void checkActions(List<String> actions) {
        if (actions.isEmpty()) {
            throw SqsErrors.missingParameter("Actions");
        }
        QueuePolicy.checkCount("Actions", actions.size(), SqsLimits.POLICY_ACTIONS_MAX);
        for (String action : actions) {
            if (Permission.isOwners(action)) {
                throw SqsErrors.invalidValue(
                        "SQS:" + action,
                        ACTION_NAME,
                        "Only the queue owner is allowed to invoke this action.");
            }
            if (!action.equals("*") && !QueuePolicy.isAction(action)) {
                throw SqsErrors.unknownAction(action);
            }
        }
    }

    private static void checkAccounts(List<String> accountIds) {
        boolean plausible =
                !accountIds.isEmpty()
                        && accountIds.stream().allMatch(id -> ACCOUNT_ID.matcher(id).matches());
        if (!plausible) {
            throw SqsErrors.invalidValue(accountIds, "PrincipalId", "Unable to verify.");
        }
    }
}
