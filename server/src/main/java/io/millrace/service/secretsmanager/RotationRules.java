package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.RotationRulesType;
import io.millrace.schedule.CronExpression;
import io.millrace.schedule.RateExpression;
import io.millrace.schedule.ScheduleExpression;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/// When a secret is rotated: every so many days, or by an expression, within a window that opens
/// then. Source: [rotation
/// schedules](https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html).
final class RotationRules {
    private static final Duration PERIOD_MIN = Duration.ofHours(4);
    private static final Duration PERIOD_MAX = Duration.ofDays(999);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /// A window opens on the hour, in every year.
    private static final Pattern CRON = // without the commas that only rules are known to take
            Pattern.compile("cron\\((?!.*,\\s)\\s*0\\s.*\\s\\*\\s*\\)");

    private RotationRules() {}

    /// @throws io.millrace.wire.ServiceException `InvalidParameterException`
    static void check(RotationRulesType rules) {
        String text = rules.scheduleExpression();
        if ((text == null) == (rules.automaticallyAfterDays() == null)) {
            throw SecretsManagerErrors.invalidParameter(
                    "You must specify either AutomaticallyAfterDays or ScheduleExpression in"
                            + " RotationRules, but not both.");
        }
        if (text != null && !isValid(text)) {
            throw SecretsManagerErrors.invalidParameter(
                    "The ScheduleExpression of RotationRules is not valid: it is a rate of 4 hours"
                            + " to 999 days, or a cron expression with 0 minutes and every year.");
        }
        String duration = rules.duration();
        if (duration != null && (hours(duration) < 1 || hours(duration) > 24)) {
            throw SecretsManagerErrors.invalidParameter(
                    "The Duration of RotationRules is not valid: it is 1h to 24h.");
        }
    }

    private static boolean isValid(String text) {
        Optional<ScheduleExpression> expression = ScheduleExpression.ofRule(text);
        if (expression.isEmpty()) {
            return false;
        }
        return switch (expression.get()) {
            case RateExpression(Duration period) ->
                    period.compareTo(PERIOD_MIN) >= 0
                            && period.compareTo(PERIOD_MAX) <= 0
                            && !text.contains("minute");
            case CronExpression _ -> CRON.matcher(text).matches();
            default -> false; // a rule has no other
        };
    }

    private static int hours(String duration) {
        return Integer.parseInt(duration.replace("h", ""));
    }

    /// When the next window opens.
    ///
    /// @param last when the last one did, or since when the secret is rotated
    static Optional<Instant> next(StoredRotation rotation, Instant last) {
        Long days = rotation.automaticallyAfterDays();
        if (days != null) {
            return Optional.of(last.plus(DAY.multipliedBy(days)).truncatedTo(ChronoUnit.DAYS));
        }
        return expression(rotation)
                .flatMap(expression ->
                        switch (expression) {
                            case RateExpression(Duration period) -> Optional.of(last.plus(period));
                            default -> expression.next(last, last, ZoneOffset.UTC);
                        });
    }

    private static Optional<ScheduleExpression> expression(StoredRotation rotation) {
        String text = rotation.scheduleExpression();
        return text == null ? Optional.empty() : ScheduleExpression.ofRule(text);
    }

    /// When the window of the next rotation closes.
    static @Nullable Instant nextDate(StoredRotation rotation) {
        Long nextMillis = rotation.nextMillis();
        if (nextMillis == null) {
            return null;
        }
        Instant opens = Instant.ofEpochMilli(nextMillis);
        if (rotation.duration() != null) {
            return opens.plus(HOUR.multipliedBy(hours(rotation.duration())));
        }
        boolean hourly =
                rotation.scheduleExpression() != null
                        && rotation.scheduleExpression().contains("hour");
        return hourly
                ? opens.plus(HOUR)
                : opens.truncatedTo(ChronoUnit.DAYS).plus(DAY).minusSeconds(1);
    }

    static @Nullable RotationRulesType shape(StoredRotation rotation) {
        boolean none =
                rotation.automaticallyAfterDays() == null && rotation.scheduleExpression() == null;
        return none
                ? null
                : new RotationRulesType(
                        rotation.automaticallyAfterDays(),
                        rotation.duration(),
                        rotation.scheduleExpression());
    }
}
