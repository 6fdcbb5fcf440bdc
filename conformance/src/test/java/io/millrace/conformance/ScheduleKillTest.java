package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Disk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.scheduler.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// Schedules whose time comes while the server is killed with SIGKILL: what a schedule delivers to
/// a queue comes exactly once, what it calls comes at least once, and none is forgotten.
///
/// They come in waves, all of a wave at the same second, and each kill comes within a wave, while
/// the disk is slow: what lies between two syncs lasts a quarter of a second. `-Dmillrace.seed=`
/// repeats the moments.
///
/// Seen to fail, with: timers that are removed in a transaction before the one that delivers (37 of
/// 120 schedules were forgotten).
final class ScheduleKillTest {
    private static final long SEED = Long.getLong("millrace.seed", 20260520L);
    private static final int KILLS = 3;
    private static final int SCHEDULES_PER_WAVE = 40;
    private static final int CALLS_PER_WAVE = 8;
    private static final int SCHEDULES = KILLS * SCHEDULES_PER_WAVE;
    private static final int CALLS = KILLS * CALLS_PER_WAVE;
    private static final Duration BETWEEN_WAVES = Duration.ofSeconds(3);

    /// Within which a wave is killed: about as long as it takes to commit twice.
    private static final int KILL_WITHIN_MILLIS = 700;

    /// After so many seconds without a message no more are expected.
    private static final int QUIET_MAX = 20;

    private static final String ROLE = "arn:aws:iam::000000000000:role/scheduler";
    private static final DateTimeFormatter AT =
            DateTimeFormatter.ofPattern("'at('uuuu-MM-dd'T'HH:mm:ss')'").withZone(ZoneOffset.UTC);

    @TempDir private Path folder;

    @Test
    @Timeout(240)
    void everyScheduleRunsOnceWhateverIsKilled() throws Exception {
        System.out.println("schedule kill: -Dmillrace.seed=" + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        Disk disk = Disk.prepare(Path.of("..").toAbsolutePath().normalize(), folder).orElse(null);
        try (ServerProcess server =
                        disk == null
                                ? new ServerProcess(folder)
                                : new ServerProcess(
                                        folder,
                                        ServerProcess.launcher(folder),
                                        disk.data(),
                                        disk.environment());
                Clients aws = new Clients(server.endpoint(), "000000000000")) {
            String queue = aws.sqs.createQueue(request -> request.queueName("q")).queueUrl();
            Instant first = Instant.now().plusSeconds(8).truncatedTo(ChronoUnit.SECONDS);
            for (int i = 0; i < SCHEDULES; i++) {
                Instant time = first.plus(BETWEEN_WAVES.multipliedBy(i / SCHEDULES_PER_WAVE));
                create(aws, "once-" + i, time, queueTarget("once-" + i));
            }
            for (int i = 0; i < CALLS; i++) {
                Instant time = first.plus(BETWEEN_WAVES.multipliedBy(i / CALLS_PER_WAVE));
                create(aws, "call-" + i, time, callTarget(queue, "call-" + i));
            }

            if (disk != null) {
                disk.begin(Disk.Trouble.SLOW_SYNC);
            }
            for (int kill = 0; kill < KILLS; kill++) {
                Instant wave = first.plus(BETWEEN_WAVES.multipliedBy(kill));
                Duration left = Duration.between(Instant.now(), wave);
                Duration within = Duration.ofMillis(random.nextInt(KILL_WITHIN_MILLIS));
                // a wave that is late comes with the start
                LockSupport.parkNanos(Math.max(0, left.toNanos()) + within.toNanos());
                server.killAndRestart();
            }
            if (disk != null) {
                disk.end(Disk.Trouble.SLOW_SYNC);
            }
            Map<String, String> bodies = new HashMap<>(); // by message
            for (int quiet = 0; quiet < QUIET_MAX && isIncomplete(bodies); quiet++) {
                int before = bodies.size();
                receive(aws, queue, bodies);
                quiet = bodies.size() > before ? 0 : quiet;
            }
            receive(aws, queue, bodies);

            Set<String> once = new HashSet<>();
            for (String body : bodies.values()) {
                assertThat(body.startsWith("call-") || once.add(body)).as(body).isTrue();
            }
            assertThat(once).hasSize(SCHEDULES);
            assertThat(new HashSet<>(bodies.values())).hasSize(SCHEDULES + CALLS);
            assertThat(aws.scheduler.listSchedules(request -> {}).schedules()).isEmpty();
        }
    }

    private static boolean isIncomplete(Map<String, String> bodies) {
        return new HashSet<>(bodies.values()).size() < SCHEDULES + CALLS;
    }

    private static void create(Clients aws, String name, Instant time, Target target) {
        aws.scheduler.createSchedule(request ->
                request.name(name)
                        .scheduleExpression(AT.format(time))
                        .flexibleTimeWindow(window -> window.mode(FlexibleTimeWindowMode.OFF))
                        .actionAfterCompletion(ActionAfterCompletion.DELETE)
                        .target(target));
    }

    private static Target queueTarget(String body) {
        return Target.builder()
                .arn("arn:aws:sqs:us-east-1:000000000000:q")
                .roleArn(ROLE)
                .input(body)
                .build();
    }

    private static Target callTarget(String queue, String body) {
        return Target.builder()
                .arn("arn:aws:scheduler:::aws-sdk:sqs:sendMessage")
                .roleArn(ROLE)
                .input("{\"QueueUrl\":\"" + queue + "\",\"MessageBody\":\"" + body + "\"}")
                .build();
    }

    /// What a kill interrupts is received again: the message is the same.
    private static void receive(Clients aws, String queue, Map<String, String> bodies) {
        try {
            for (Message message :
                    aws.sqs
                            .receiveMessage(request ->
                                    request.queueUrl(queue)
                                            .maxNumberOfMessages(10)
                                            .visibilityTimeout(600)
                                            .waitTimeSeconds(1))
                            .messages()) {
                bodies.put(message.messageId(), message.body());
            }
        } catch (SdkException | UncheckedIOException _) {
            // the server is away
        }
    }
}
