package io.millrace.service.scheduler;

import io.millrace.api.scheduler.FlexibleTimeWindow;
import io.millrace.api.scheduler.RetryPolicy;
import io.millrace.api.scheduler.Target;
import io.millrace.engine.Snapshot;
import io.millrace.pattern.Arn;
import io.millrace.schedule.ScheduleExpression;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.Caller;
import io.millrace.wire.ExecutionRoles;
import io.millrace.wire.LocalCalls;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;

/// What a schedule must fulfil beyond the model's constraints; and AWS's defaults.
final class ScheduleCheck {
    private static final String UTC = "UTC";
    private static final Set<String> JSON_TARGETS = Set.of("lambda", "states", "events");

    private static final String CHECKING = "check"; // the session that a new role is tried with

    private final LocalCalls calls;
    private final ExecutionRoles roles;
    private final CustomerKeys keys;

    /// @param calls what universal targets can reach
    /// @param keys that schedules may be encrypted with
    ScheduleCheck(LocalCalls calls, ExecutionRoles roles, CustomerKeys keys) {
        this.calls = calls;
        this.roles = roles;
        this.keys = keys;
    }

    /// Requires the key that a schedule is to be encrypted with.
    void key(Snapshot snapshot, Caller caller, @Nullable String keyArn) {
        keys.require(
                snapshot, caller.accountId(), caller.region(), keyArn, SchedulerErrors::validation);
    }

    /// What a request tells of a schedule's times.
    record Times(
            String expression,
            @Nullable String zone,
            FlexibleTimeWindow window,
            @Nullable Instant start,
            @Nullable Instant end) {}

    /// The times of a schedule, checked.
    StoredSchedule.When when(Times times, Instant now) {
        String expression = times.expression();
        ScheduleExpression parsed =
                ScheduleExpression.ofSchedule(expression)
                        .orElseThrow(() ->
                                SchedulerErrors.validation(
                                        "Invalid Schedule Expression " + expression + "."));
        String zone = times.zone();
        Instant start = times.start();
        Instant end = times.end();
        checkZone(zone);
        checkWindow(times.window());
        if (parsed.isRecurring() && start != null) {
            if (start.isBefore(now.minus(SchedulerLimits.START_AGE_MAX))) {
                throw SchedulerErrors.validation(
                        "The StartDate you specify cannot be earlier than 5 minutes ago.");
            }
        }
        if (parsed.isRecurring() && end != null) {
            if (!end.isAfter(now)) {
                throw SchedulerErrors.validation("The EndDate you specify must be in the future.");
            }
            if (start != null && !end.isAfter(start)) {
                throw SchedulerErrors.validation(
                        "The StartDate you specify must come before the EndDate.");
            }
        }
        return new StoredSchedule.When(
                expression,
                zone == null ? UTC : zone,
                times.window(),
                start == null ? null : start.toEpochMilli(),
                end == null ? null : end.toEpochMilli());
    }

    private static void checkZone(@Nullable String zone) {
        if (zone != null && !ZoneId.getAvailableZoneIds().contains(zone)) {
            throw SchedulerErrors.validation("Invalid ScheduleExpressionTimezone " + zone + ".");
        }
    }

    private static void checkWindow(FlexibleTimeWindow window) {
        boolean flexible = window.mode().equals(StoredSchedule.FLEXIBLE);
        if (flexible && window.maximumWindowInMinutes() == null) {
            throw SchedulerErrors.validation(
                    "MaximumWindowInMinutes must be specified when FlexibleTimeWindow Mode is"
                            + " FLEXIBLE.");
        }
        if (!flexible && window.maximumWindowInMinutes() != null) {
            throw SchedulerErrors.validation(
                    "MaximumWindowInMinutes must not be specified when FlexibleTimeWindow Mode is"
                            + " OFF.");
        }
    }

    /// The target, checked, with a whole retry policy. Outside of any transaction.
    Target target(GroupName group, Target target) {
        Arn arn =
                Arn.parse(target.arn())
                        .orElseThrow(() ->
                                SchedulerErrors.validation(
                                        "Provided Arn is not in correct format."));
        ScheduleTarget parsed = ScheduleTarget.of(arn);
        checkInput(target.input(), parsed);
        switch (parsed) {
            case ScheduleTarget.Templated templated -> checkParameters(templated, target);
            case ScheduleTarget.Universal universal -> {
                if (calls.hasService(universal.service())
                        && !calls.has(universal.service(), universal.action())) {
                    throw SchedulerErrors.unsupportedAction(
                            universal.service(), universal.action());
                }
            }
        }
        if (roles.assume(Invoker.use(group, target, CHECKING)).isEmpty()) {
            throw SchedulerErrors.roleNotAssumable();
        }
        RetryPolicy given = target.retryPolicy();
        Integer age = given == null ? null : given.maximumEventAgeInSeconds();
        Integer attempts = given == null ? null : given.maximumRetryAttempts();
        return new Target(
                target.arn(),
                target.deadLetterConfig(),
                target.ecsParameters(),
                target.eventBridgeParameters(),
                target.input(),
                target.kinesisParameters(),
                RetryPolicy.builder()
                        .maximumEventAgeInSeconds(
                                age == null ? SchedulerLimits.EVENT_AGE_SECONDS : age)
                        .maximumRetryAttempts(
                                attempts == null ? SchedulerLimits.RETRY_ATTEMPTS : attempts)
                        .build(),
                target.roleArn(),
                target.sageMakerPipelineParameters(),
                target.sqsParameters());
    }

    private static void checkInput(@Nullable String input, ScheduleTarget target) {
        if (input == null) {
            return;
        }
        if (input.getBytes(StandardCharsets.UTF_8).length > SchedulerLimits.INPUT_BYTES_MAX) {
            throw SchedulerErrors.validation(
                    "The Input you specify must not be larger than "
                            + SchedulerLimits.INPUT_BYTES_MAX
                            + " bytes.");
        }
        boolean json =
                switch (target) {
                    case ScheduleTarget.Universal _ -> true;
                    case ScheduleTarget.Templated(Arn arn) -> JSON_TARGETS.contains(arn.service());
                };
        if (json && !JsonText.isJson(input)) {
            throw SchedulerErrors.validation("The Input you specify is not well-formed JSON.");
        }
    }

    private static void checkParameters(ScheduleTarget.Templated templated, Target target) {
        String missing =
                switch (templated.arn().service()) {
                    case "events" ->
                            target.eventBridgeParameters() == null ? "EventBridgeParameters" : "";
                    case "kinesis" -> target.kinesisParameters() == null ? "KinesisParameters" : "";
                    case "ecs" -> target.ecsParameters() == null ? "EcsParameters" : "";
                    default -> "";
                };
        if (!missing.isEmpty()) {
            throw SchedulerErrors.validation(
                    missing + " must be specified for the target " + target.arn() + ".");
        }
        if (templated.isBus() && !templated.arn().resource().startsWith("event-bus/")) {
            throw SchedulerErrors.validation("Provided Arn is not in correct format.");
        }
    }
}
