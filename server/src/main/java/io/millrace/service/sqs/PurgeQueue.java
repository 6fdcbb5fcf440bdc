package io.millrace.service.sqs;

import io.millrace.api.Unit;
import io.millrace.api.sqs.PurgeQueueRequest;
import io.millrace.engine.Bytes;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.List;

/// `PurgeQueue`: removes all messages that a queue has, wherever they are, at once.
///
/// Errors: `QueueDoesNotExist`, `PurgeQueueInProgress` within a minute after another. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html).
final class PurgeQueue implements Operation<PurgeQueueRequest, Unit> {
    private final Store store;
    private final InstantSource clock;
    private final boolean resting;

    /// @param resting whether a queue can be purged only once a minute
    PurgeQueue(Store store, InstantSource clock, boolean resting) {
        this.store = store;
        this.clock = clock;
        this.resting = resting;
    }

    @Override
    public Unit handle(Caller caller, PurgeQueueRequest request) {
        long now = clock.millis();
        return store.write(tx -> {
            Queue queue = Queues.require(tx, caller, request.queueUrl());
            if (resting
                    && queue.purgedMillis() != 0
                    && now - queue.purgedMillis() < SqsLimits.PURGE_INTERVAL.toMillis()) {
                throw SqsErrors.purgeInProgress(queue.name());
            }
            Queues.put(tx, queue.purgedAt(now));
            deleteAll(tx, SqsKeys.allMessages(queue.number()));
            return Unit.UNIT;
        });
    }

    static void deleteAll(Transaction tx, List<byte[]> prefixes) {
        for (byte[] prefix : prefixes) {
            tx.deleteRange(prefix, Bytes.prefixEnd(prefix));
        }
    }
}
