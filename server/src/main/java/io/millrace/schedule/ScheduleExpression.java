package io.millrace.schedule;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/// When something is to run. Immutable. Sources: [schedules of
/// rules](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html),
/// [schedule types of
/// Scheduler](https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
public sealed interface ScheduleExpression permits AtExpression, CronExpression, RateExpression {

    /// The first time after `after`, itself excluded; empty when there is none.
    ///
    /// @param anchor from where a rate counts: its first run. Others do not use it
    /// @param zone in which hours and days are meant. A rate does not use it: its days have 24
    ///   hours
    Optional<Instant> next(Instant after, Instant anchor, ZoneId zone);

    /// The first time at or after `from`.
    default Optional<Instant> first(Instant from, Instant anchor, ZoneId zone) {
        return next(from.minusNanos(1), anchor, zone);
    }

    /// Whether it runs more than once, as far as the form of the expression tells.
    default boolean isRecurring() {
        return !(this instanceof AtExpression);
    }

    /// Reads what a rule may have: `rate` and `cron`. The unit of a rate agrees with its number. A
    /// comma behind a field says nothing: PutRule was seen to take `cron(0/5, 9-18, ?, *, MON-FRI,
    /// *)` ([report](https://github.com/boto/boto3/issues/2876)). Empty when it is not valid.
    static Optional<ScheduleExpression> ofRule(String text) {
        @Nullable ScheduleExpression rate = RateExpression.parse(text, true);
        return Optional.ofNullable(rate == null ? CronExpression.parse(text, true) : rate);
    }

    /// Reads what a schedule of Scheduler may have: `rate` with either form of its unit, `cron` and
    /// `at`. Empty when it is not valid.
    static Optional<ScheduleExpression> ofSchedule(String text) {
        @Nullable ScheduleExpression rate = RateExpression.parse(text, false);
        if (rate != null) {
            return Optional.of(rate);
        }
        @Nullable ScheduleExpression at = AtExpression.parse(text);
        return Optional.ofNullable(at == null ? CronExpression.parse(text, false) : at);
    }
}
