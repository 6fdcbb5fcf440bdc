package io.millrace.service.scheduler;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.timer.Recurrence;
import io.millrace.timer.Timers;

import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The stored schedules, with their timers. Thread-safe.
final class Schedules {
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Timers timers;
    private final ResourceCodec<StoredSchedule> codec = new ResourceCodec<>(StoredSchedule.class);

    /// @param random picks the time within a flexible window
    Schedules(InstantSource clock, RandomGenerator random, Timers timers) {
        this.clock = clock;
        this.random = random;
        this.timers = timers;
    }

    Optional<StoredSchedule> find(Snapshot snapshot, GroupName group, String name) {
        return Optional.ofNullable(
                codec.decodeOrNull(snapshot.get(SchedulerKeys.schedule(group, name))));
    }

    StoredSchedule require(Snapshot snapshot, GroupName group, String name) {
        return find(snapshot, group, name)
                .orElseThrow(() -> SchedulerErrors.scheduleNotFound(name));
    }

    /// Writes a schedule that is new or changed. Its timer stays when its times are the same.
    void put(
            Transaction transaction,
            GroupName group,
            Optional<StoredSchedule> before,
            StoredSchedule schedule) {
        transaction.put(SchedulerKeys.schedule(group, schedule.name()), codec.encode(schedule));
        String arn = group.scheduleArn(schedule.name());
        if (!schedule.isEnabled()) {
            timers.cancel(transaction, arn);
            return;
        }
        boolean same =
                before.filter(old -> old.isEnabled() && old.when().equals(schedule.when()))
                        .isPresent();
        if (!same) {
            timers.cancel(transaction, arn);
            Timing.first(schedule.when(), clock.instant())
                    .ifPresent(first -> setTimer(transaction, arn, schedule, first));
        }
    }

    /// Sets the timer to the next run, somewhere in its window.
    void setTimer(Transaction transaction, String arn, StoredSchedule schedule, Recurrence next) {
        long windowMillis = schedule.when().windowMillis();
        long delayMillis = windowMillis == 0 ? 0 : random.nextLong(windowMillis);
        timers.set(transaction, arn, next.scheduledMillis() + delayMillis, next.toBytes());
    }

    void remove(Transaction transaction, GroupName group, String name) {
        transaction.delete(SchedulerKeys.schedule(group, name));
        timers.cancel(transaction, group.scheduleArn(name));
    }

    StoredSchedule decode(byte[] value) {
        return codec.decode(value);
    }
}
