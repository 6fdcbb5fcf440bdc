package io.millrace.service.scheduler;

import io.millrace.api.scheduler.DeadLetterConfig;
import io.millrace.api.scheduler.RetryPolicy;
import io.millrace.api.scheduler.Target;
import io.millrace.delivery.Job;
import io.millrace.delivery.RetryPolicy.Backoff;
import io.millrace.delivery.RetryPolicy.Phase;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One run of a schedule: what it calls with what. As it goes through the outbox, it no longer
/// needs the schedule.
///
/// @param id of the run, 16 hexadecimal digits, in all its attempts
record Invocation(String scheduleArn, String id, long scheduledMillis, Target target) {
    static final String KIND = "scheduler.invocation";

    private static final ResourceCodec<Invocation> CODEC = new ResourceCodec<>(Invocation.class);

    static Invocation of(Job job) {
        return CODEC.decode(job.payload());
    }

    /// The job that makes the attempts. Its lane is that of all schedules which call the same thing
    /// in an account.
    Job job() {
        return new Job(
                KIND,
                target.arn() + " of " + schedule().group().accountId(),
                Map.of(),
                CODEC.encode(this),
                policy(),
                deadLetterArn().orElse(null));
    }

    GroupName.Schedule schedule() {
        return GroupName.Schedule.ofArn(scheduleArn);
    }

    Optional<String> deadLetterArn() {
        DeadLetterConfig config = target.deadLetterConfig();
        return Optional.ofNullable(config == null ? null : config.arn());
    }

    /// As AWS tells it, to the second.
    String scheduledTime() {
        return Instant.ofEpochMilli(scheduledMillis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    int retriesMax() {
        RetryPolicy policy = target.retryPolicy();
        Integer retries = policy == null ? null : policy.maximumRetryAttempts();
        return retries == null ? SchedulerLimits.RETRY_ATTEMPTS : retries;
    }

    long ageMaxMillis() {
        RetryPolicy policy = target.retryPolicy();
        Integer age = policy == null ? null : policy.maximumEventAgeInSeconds();
        return 1000L * (age == null ? SchedulerLimits.EVENT_AGE_SECONDS : age);
    }

    /// Exponential, then steady, so that all 185 attempts fit into a day.
    private io.millrace.delivery.RetryPolicy policy() {
        int retries = retriesMax();
        int growing = Math.min(retries, SchedulerLimits.GROWING_RETRIES);
        double share = growing / (double) SchedulerLimits.GROWING_RETRIES;
        long min = SchedulerLimits.RETRY_DELAY_MIN.toMillis();
        long max = SchedulerLimits.RETRY_DELAY_MAX.toMillis();
        long reached = Math.round(min * Math.pow(max / (double) min, share));
        return new io.millrace.delivery.RetryPolicy(
                List.of(
                        new Phase(growing, min, reached, Backoff.EXPONENTIAL),
                        Phase.steady(retries - growing, SchedulerLimits.RETRY_DELAY_MAX)),
                ageMaxMillis(),
                null);
    }

    /// The input, with its context attributes replaced; null when the schedule has none. Source:
    /// [context
    /// attributes](https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html).
    ///
    /// @param attempt from 1
    @Nullable String input(int attempt) {
        String input = target.input();
        return input == null || !input.contains("<aws.scheduler.")
                ? input
                : input.replace("<aws.scheduler.schedule-arn>", scheduleArn)
                        .replace("<aws.scheduler.scheduled-time>", scheduledTime())
                        .replace("<aws.scheduler.execution-id>", id)
                        .replace("<aws.scheduler.attempt-number>", Integer.toString(attempt));
    }

    /// The input, or the notification that Scheduler sends by itself.
    String body(int attempt) {
        String input = input(attempt);
        return input == null ? notification() : input;
    }

    private String notification() {
        GroupName group = schedule().group();
        return """
        {"version":"0","id":"%s","detail-type":"Scheduled Event","source":"aws.scheduler",\
        "account":"%s","time":"%s","region":"%s","resources":["%s"],"detail":"{}"}\
        """
                .formatted(id, group.accountId(), scheduledTime(), group.region(), scheduleArn);
    }
}
