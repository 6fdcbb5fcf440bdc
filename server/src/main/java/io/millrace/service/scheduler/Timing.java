package io.millrace.service.scheduler;

import io.millrace.schedule.AtExpression;
import io.millrace.schedule.ScheduleExpression;
import io.millrace.timer.Firing;
import io.millrace.timer.Recurrence;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// When a schedule runs: its expression within its start and its end, which one-time schedules do
/// not look at.
final class Timing {
    private Timing() {}

    /// The first run from now on. A rate without a start runs at once; a one-time schedule in the
    /// past is late.
    static Optional<Recurrence> first(StoredSchedule.When when, Instant now) {
        ScheduleExpression expression = when.parsed();
        if (expression instanceof AtExpression at) {
            Instant time = at.in(when.zoneId());
            return Optional.of(Recurrence.from(time, time));
        }
        @Nullable Instant start = when.start();
        Instant anchor = start == null ? now.truncatedTo(ChronoUnit.SECONDS) : start;
        Instant from = anchor.isAfter(now) || start == null ? anchor : now;
        return expression
                .first(from, anchor, when.zoneId())
                .filter(time -> isBeforeEnd(when, time))
                .map(time -> Recurrence.from(time, anchor));
    }

    /// The run after one that is due; empty when it was the last.
    static Optional<Recurrence> next(StoredSchedule.When when, Firing firing) {
        ScheduleExpression expression = when.parsed();
        if (!expression.isRecurring()) {
            return Optional.empty();
        }
        return Recurrence.of(firing.state())
                .next(expression, when.zoneId(), firing)
                .filter(next -> isBeforeEnd(when, next.scheduled()));
    }

    private static boolean isBeforeEnd(StoredSchedule.When when, Instant time) {
        Instant end = when.end();
        return end == null || !time.isAfter(end);
    }
}
