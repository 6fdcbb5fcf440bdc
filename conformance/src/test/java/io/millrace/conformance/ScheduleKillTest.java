package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.scheduler.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Schedules whose time comes while the server is killed with SIGKILL: what a schedule delivers to
/// a queue comes exactly once, what it calls comes at least once, and none is forgotten.
final class ScheduleKillTest {
    private static final int SCHEDULES = 150;
    private static final int CALLS = 30;
    private static final int KILLS = 3;
    private static final String ROLE = "arn:aws:iam::000000000000:role/scheduler";
    private static final DateTimeFormatter AT =
            DateTimeFormatter.ofPattern("'at('uuuu-MM-dd'T'HH:mm:ss')'").withZone(ZoneOffset.UTC);

    @TempDir private Path folder;

    @Test
    @Timeout(240)
    void everyScheduleRunsOnceWhateverIsKilled() throws Exception {
        try (ServerProcess server = new ServerProcess(folder);
                Clients aws = new Clients(server.endpoint(), "000000000000")) {
            String queue = aws.sqs.createQueue(request -> request.queueName("q")).queueUrl();
            Instant start = Instant.now().plusSeconds(8);
            for (int i = 0; i < SCHEDULES; i++) {
                create(aws, "once-" + i, start.plusMillis(50L * i), queueTarget("once-" + i));
            }
            for (int i = 0; i < CALLS; i++) {
                create(
                        aws,
                        "call-" + i,
                        start.plusMillis(250L * i),
                        callTarget(queue, "call-" + i));
            }

            Map<String, String> bodies = new HashMap<>(); // by message
            int kills = 0;
            while (new HashSet<>(bodies.values()).size() < SCHEDULES + CALLS) {
                receive(aws, queue, bodies);
                if (kills < KILLS && bodies.size() > kills * SCHEDULES / KILLS) {
                    server.killAndRestart();
                    kills++;
                }
            }
            receive(aws, queue, bodies);

            Set<String> once = new HashSet<>();
            for (String body : bodies.values()) {
                assertThat(body.startsWith("call-") || once.add(body)).as(body).isTrue();
            }
            assertThat(once).hasSize(SCHEDULES);
            assertThat(kills).isEqualTo(KILLS);
            assertThat(aws.scheduler.listSchedules(request -> {}).schedules()).isEmpty();
        }
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
        } catch (SdkException _) {
            // the server is away
        }
    }
}
