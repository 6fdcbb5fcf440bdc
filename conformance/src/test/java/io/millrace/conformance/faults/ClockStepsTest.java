package io.millrace.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.conformance.Clients;
import io.millrace.conformance.ServerProcess;
import io.millrace.engine.Disk;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The system's clock is put back or forward by an hour or a day, with and without a kill: nothing
/// is held back for the length of the step, and what has become due comes.
@Timeout(120)
final class ClockStepsTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final DateTimeFormatter AT =
            DateTimeFormatter.ofPattern("'at('uuuu-MM-dd'T'HH:mm:ss')'").withZone(ZoneOffset.UTC);

    /// Long polls of a second each; far more than is needed, far less than the steps.
    private static final int POLLS_MAX = 40;

    @TempDir private Path folder;
    private Disk disk;
    private FaultyClock clock;

    @BeforeEach
    void needsACompiler() throws IOException {
        disk = Disk.prepare(HOME, folder).orElseGet(() -> abort("no C compiler (cc)"));
        clock = new FaultyClock(disk.clock());
    }

    private ServerProcess start() throws IOException, InterruptedException {
        return new ServerProcess(
                folder, ServerProcess.launcher(folder), disk.data(), disk.environment());
    }

    private static Clients clients(ServerProcess server) {
        return new Clients(
                server.endpoint(), FaultRun.ACCOUNT, UrlConnectionHttpClient.create(), 1);
    }

    private static String queue(Clients aws, String name, Map<QueueAttributeName, String> with) {
        return aws.sqs.createQueue(make -> make.queueName(name).attributes(with)).queueUrl();
    }

    private static Set<String> receive(Clients aws, String url, int count) {
        Set<String> bodies = new HashSet<>();
        for (int poll = 0; poll < POLLS_MAX && bodies.size() < count; poll++) {
            aws
                    .sqs
                    .receiveMessage(
                            from -> from.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(1))
                    .messages()
                    .stream()
                    .map(Message::body)
                    .forEach(bodies::add);
        }
        return bodies;
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "P1D"})
    void aStepBackHoldsNothingBackForItsLength(String step) throws Exception {
        try (ServerProcess server = start();
                Clients aws = clients(server)) {
            String hidden =
                    queue(aws, "hidden", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "3"));
            String delayed = queue(aws, "delayed", Map.of(QueueAttributeName.DELAY_SECONDS, "3"));
            String scheduled = queue(aws, "scheduled", Map.of());
            aws.sqs.sendMessage(to -> to.queueUrl(hidden).messageBody("hidden"));
            assertThat(receive(aws, hidden, 1)).containsExactly("hidden");
            aws.sqs.sendMessage(to -> to.queueUrl(delayed).messageBody("delayed"));
            schedule(aws, clock.instant().plusSeconds(4));

            clock.back(Duration.parse(step));

            assertThat(receive(aws, hidden, 1)).containsExactly("hidden");
            assertThat(receive(aws, delayed, 1)).containsExactly("delayed");
            assertThat(receive(aws, scheduled, 1)).containsExactly("run");
        }
    }

    @Test
    void norDoesAKillAfterAStepBack() throws Exception {
        try (ServerProcess server = start();
                Clients aws = clients(server)) {
            String url = queue(aws, "hidden", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "10"));
            aws.sqs.sendMessage(to -> to.queueUrl(url).messageBody("hidden"));
            assertThat(receive(aws, url, 1)).containsExactly("hidden");

            server.kill();
            clock.back(Duration.ofHours(1));
            server.restart();

            assertThat(receive(aws, url, 1)).containsExactly("hidden");
        }
    }

    @Test
    void whatBecomesDueByAStepForwardComes() throws Exception {
        try (ServerProcess server = start();
                Clients aws = clients(server)) {
            String url = queue(aws, "scheduled", Map.of());
            schedule(aws, clock.instant().plus(Duration.ofHours(1)));

            clock.back(Duration.ofHours(-2));

            assertThat(receive(aws, url, 1)).containsExactly("run");
        }
    }

    private static void schedule(Clients aws, Instant time) {
        aws.scheduler.createSchedule(made ->
                made.name("run")
                        .scheduleExpression(AT.format(time))
                        .flexibleTimeWindow(window -> window.mode(FlexibleTimeWindowMode.OFF))
                        .target(target ->
                                target.arn(
                                                "arn:aws:sqs:us-east-1:"
                                                        + FaultRun.ACCOUNT
                                                        + ":scheduled")
                                        .roleArn("arn:aws:iam::" + FaultRun.ACCOUNT + ":role/r")
                                        .input("run")));
    }
}
