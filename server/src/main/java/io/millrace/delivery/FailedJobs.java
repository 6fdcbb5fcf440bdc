package io.millrace.delivery;

import io.millrace.delivery.DeliveryKeys.FailedId;
import io.millrace.delivery.DeliveryKeys.JobId;
import io.millrace.delivery.DeliveryKeys.Lane;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import java.time.Instant;
import java.util.Base64;

/// The jobs that were given up, as the outbox keeps them: [DeliveryLimits#FAILED_JOBS] of them, and
/// for [DeliveryLimits#FAILED_AGE].
final class FailedJobs {
    private record Failure(String errorCode, String errorMessage) {}

    private static final ResourceCodec<Failure> FAILURES = new ResourceCodec<>(Failure.class);

    private FailedJobs() {}

    static void keep(Transaction tx, JobId job, Attempt.Failed failure, long nowMillis) {
        tx.put(DeliveryKeys.failed(new FailedId(nowMillis, job)), encode(failure));
        count(tx, nowMillis);
    }

    /// Keeps one that this transaction adds.
    static void keepNew(
            Transaction tx, Lane lane, long number, Attempt.Failed failure, long nowMillis) {
        KeyWriter key = DeliveryKeys.newFailed(nowMillis, lane, number);
        tx.putStamped(key.toBytes(), key.stampOffset(), encode(failure), Transaction.NO_STAMP);
        count(tx, nowMillis);
    }

    static FailedJob read(byte[] key, byte[] value, Job job) {
        Failure failure = FAILURES.decode(value);
        return new FailedJob(
                Base64.getUrlEncoder().withoutPadding().encodeToString(key),
                Instant.ofEpochMilli(DeliveryKeys.readFailed(key).failedMillis()),
                job,
                new Attempt.Failed(failure.errorCode, failure.errorMessage, false));
    }

    private static byte[] encode(Attempt.Failed failure) {
        return FAILURES.encode(new Failure(failure.errorCode(), failure.errorMessage()));
    }

    /// Counts one more, and clears the oldest away when they are too many or too old.
    private static void count(Transaction tx, long nowMillis) {
        long count = Bytes.counter(tx.get(DeliveryKeys.failedCount())) + 1;
        long oldestMillis = nowMillis - DeliveryLimits.FAILED_AGE.toMillis();
        int cleared = 0;
        try (Cursor cursor = tx.prefix(DeliveryKeys.failed())) {
            while (cleared < DeliveryLimits.FAILED_CLEARED && cursor.next()) {
                FailedId failed = DeliveryKeys.readFailed(cursor.key());
                if (count - cleared <= DeliveryLimits.FAILED_JOBS
                        && failed.failedMillis() >= oldestMillis) {
                    break;
                }
                tx.delete(cursor.key());
                tx.delete(DeliveryKeys.job(failed.job()));
                cleared++;
            }
        }
        tx.add(DeliveryKeys.failedCount(), 1 - cleared);
    }
}
