package io.millrace.service.sqs;

import io.millrace.api.Unit;
import io.millrace.api.sqs.ChangeMessageVisibilityRequest;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;

/// `ChangeMessageVisibility`: lets a message in flight become visible sooner or later than it
/// would; at most twelve hours after it was received.
///
/// Errors: `QueueDoesNotExist`, `ReceiptHandleIsInvalid`, `InvalidParameterValue`, which is also
/// what AWS answers for a message that is gone, instead of `MessageNotInflight`. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html).
final class ChangeMessageVisibility implements Operation<ChangeMessageVisibilityRequest, Unit> {
    private final Store store;
    private final InstantSource clock;
    private final Receipts receipts;

    ChangeMessageVisibility(Store store, InstantSource clock, Receipts receipts) {
        this.store = store;
        this.clock = clock;
        this.receipts = receipts;
    }

    @Override
    public Unit handle(Caller caller, ChangeMessageVisibilityRequest request) {
        int seconds = check(request.visibilityTimeout());
        long now = clock.millis();
        return store.write(tx -> {
            Queue queue = Queues.require(tx, caller, request.queueUrl());
            receipts.changeVisibility(tx, queue, request.receiptHandle(), seconds, now);
            return Unit.UNIT;
        });
    }

    static int check(@Nullable Integer seconds) {
        if (seconds == null) {
            throw SqsErrors.missingParameter("VisibilityTimeout");
        }
        if (seconds < 0 || seconds > SqsLimits.VISIBILITY_TIMEOUT_SECONDS_MAX) {
            throw SqsErrors.invalidValue(
                    seconds, "VisibilityTimeout", "Must be between 0 and 43200.");
        }
        return seconds;
    }
}
