package io.millrace.service.scheduler;

import io.millrace.engine.Transaction;
import io.millrace.timer.Firing;
import io.millrace.timer.Recurrence;
import io.millrace.wire.Ids;

import java.util.Optional;

/// Carries out schedules whose time has come: the call, the next run and the end of the schedule in
/// one transaction. Thread-safe.
///
/// A run of a recurring schedule that no server was there for does not come any more; a one-time
/// schedule comes late, as long as it is younger than the maximum age of its retry policy.
final class ScheduleRuns {
    private final Ids ids;
    private final Schedules schedules;
    private final Invoker invoker;

    ScheduleRuns(Ids ids, Schedules schedules, Invoker invoker) {
        this.ids = ids;
        this.schedules = schedules;
        this.invoker = invoker;
    }

    void fire(Transaction tx, Firing firing) {
        GroupName.Schedule name = GroupName.Schedule.ofArn(firing.owner());
        Optional<StoredSchedule> found = schedules.find(tx, name.group(), name.name());
        if (found.isEmpty() || !found.get().isEnabled()) {
            return;
        }
        StoredSchedule schedule = found.get();
        boolean recurring = schedule.when().parsed().isRecurring();
        Invocation invocation =
                new Invocation(
                        firing.owner(),
                        ids.hex(16),
                        Recurrence.of(firing.state()).scheduledMillis(),
                        schedule.target());
        if (!recurring && isTooOld(schedule, invocation, firing)) {
            invoker.drop(tx, invocation);
        } else if (!recurring || !firing.missed()) {
            invoker.invoke(tx, invocation);
        }
        Optional<Recurrence> next = Timing.next(schedule.when(), firing);
        if (next.isPresent()) {
            schedules.setTimer(tx, firing.owner(), schedule, next.get());
        } else if (schedule.isDeletedAfterCompletion()) {
            schedules.remove(tx, name.group(), name.name());
        }
    }

    /// Whether a one-time schedule was in the past already when it was made, or its time came while
    /// no server was there, and that is too long ago. A clock that was moved makes nothing old.
    private static boolean isTooOld(StoredSchedule schedule, Invocation invocation, Firing firing) {
        long reachedMillis = firing.missed() ? firing.nowMillis() : firing.dueMillis();
        long ageMillis = reachedMillis - invocation.scheduledMillis();
        return ageMillis - schedule.when().windowMillis() > invocation.ageMaxMillis();
    }
}
