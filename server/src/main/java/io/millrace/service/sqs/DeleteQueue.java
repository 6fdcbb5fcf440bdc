package io.millrace.service.sqs;

import io.millrace.api.Unit;
import io.millrace.api.sqs.DeleteQueueRequest;
import io.millrace.engine.Bytes;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;

/// `DeleteQueue`: removes a queue and its messages. Who waits for messages of it hears
/// `QueueDoesNotExist`; one that is made under its name has nothing of it.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html).
final class DeleteQueue implements Operation<DeleteQueueRequest, Unit> {
    private final Store store;
    private final InstantSource clock;
    private final Backlogs backlogs;
    private final boolean resting;

    /// @param resting whether the name stays refused for a minute
    DeleteQueue(Store store, InstantSource clock, Backlogs backlogs, boolean resting) {
        this.store = store;
        this.clock = clock;
        this.backlogs = backlogs;
        this.resting = resting;
    }

    @Override
    public Unit handle(Caller caller, DeleteQueueRequest request) {
        long number = store.write(tx -> delete(tx, caller, request));
        backlogs.forget(number);
        return Unit.UNIT;
    }

    private long delete(Transaction tx, Caller caller, DeleteQueueRequest request) {
        Queue queue = Queues.require(tx, caller, request.queueUrl());
        tx.delete(queue.key());
        PurgeQueue.deleteAll(tx, SqsKeys.allMessages(queue.number()));
        PurgeQueue.deleteAll(tx, SqsKeys.allTheRest(queue.number()));
        tx.delete(SqsKeys.activeMove(queue));
        // rings for those who wait: a deleted range may have had no counter
        tx.delete(SqsKeys.counter(queue.number(), SqsKeys.Counter.BELL));
        if (resting) {
            byte[] now = new byte[Long.BYTES];
            Bytes.writeLong(now, 0, clock.millis());
            tx.put(SqsKeys.deletedName(queue.accountId(), queue.region(), queue.name()), now);
        }
        return queue.number();
    }
}
