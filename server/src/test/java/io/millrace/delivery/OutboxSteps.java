package io.millrace.delivery;

import io.millrace.delivery.DeliveryKeys.Due;
import io.millrace.delivery.DeliveryKeys.Lane;

/// Works an outbox off by hand, in the test's own thread, instead of [OutboxWorkers].
public final class OutboxSteps {

    private OutboxSteps() {}

    /// Attempts every job that is due now, once, lane by lane; tells how many there were.
    public static int attemptDue(Outbox outbox) {
        int count = 0;
        for (int shard = 0; shard < DeliveryKeys.SHARD_COUNT; shard++) {
            for (Lane lane : outbox.lanes(shard)) {
                for (Due due : outbox.next(lane, 0, 1000)) {
                    if (due.dueMillis() <= outbox.clock().millis()) {
                        attempt(outbox, due);
                        count++;
                    }
                }
            }
        }
        return count;
    }

    private static void attempt(Outbox outbox, Due due) {
        Outbox.DueJob job = outbox.load(due).orElseThrow();
        try {
            outbox.settle(job, outbox.attempt(job));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
