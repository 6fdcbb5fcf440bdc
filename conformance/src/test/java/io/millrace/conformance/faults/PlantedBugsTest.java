package io.millrace.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.conformance.Clients;
import io.millrace.conformance.ServerProcess;
import io.millrace.engine.Disk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Each checker of `./millrace test --faults` finds a bug that was planted for it, in a whole run.
/// `docs/reliability.md` has the same as a table.
final class PlantedBugsTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    /// Enough for what is not lost.
    private static final int DRAIN_ROUNDS_MAX = 5;

    /// What each checker says of its bug.
    private static final Map<String, List<String>> FOUND =
            Map.ofEntries(
                    Map.entry("registers", List.of("lost put", "counted wrong")),
                    Map.entry("transfers", List.of("lost transfer")),
                    Map.entry("serializability", List.of("not serializable")),
                    Map.entry("stream", List.of("told twice")),
                    Map.entry("queue", List.of("resurrected")),
                    Map.entry("FIFO queue", List.of("doubled")),
                    Map.entry("topic", List.of("twice")),
                    Map.entry("FIFO topic", List.of("out of order")),
                    Map.entry("rules", List.of("lost")),
                    Map.entry("archive", List.of("lost")),
                    Map.entry("logs", List.of("lost")),
                    Map.entry("secrets", List.of(" is ")),
                    Map.entry("keys", List.of("what was encrypted as")),
                    Map.entry("permissions", List.of(" is ")),
                    Map.entry("wide topic", List.of("lost")),
                    Map.entry("recurrences", List.of("twice")),
                    Map.entry("queue pipe", List.of("twice")),
                    Map.entry("stream pipe", List.of("lost")),
                    Map.entry("dead letters moved back", List.of("twice")),
                    Map.entry("schedules", List.of("twice")));

    @TempDir private Path folder;

    @Test
    @Timeout(300)
    void eachCheckerFindsTheBugThatWasPlantedForIt() throws Exception {
        RoundReport report = run(List.of(), Duration.ofSeconds(8), true);

        assertThat(report.violations().keySet()).isEqualTo(FOUND.keySet());
        FOUND.forEach((checker, texts) ->
                assertThat(texts)
                        .as(checker)
                        .allSatisfy(text ->
                                assertThat(report.violations().get(checker))
                                        .anyMatch(found -> found.contains(text))));
    }

    @Test
    @Timeout(300)
    void aDiskThatLiesAboutSyncingIsFoundOut() throws Exception {
        Files.createDirectories(folder.resolve("round"));
        Files.writeString(folder.resolve("round").resolve(Disk.Trouble.LYING_SYNC.name()), "");

        RoundReport report = run(List.of(FaultKind.POWER_LOSS), Duration.ofSeconds(8), false);

        assertThat(report.violations()).isNotEmpty();
    }

    /// As if checksums were off: some items are altered on their way out of the copy.
    @Test
    @Timeout(300)
    void anAlteredAnswerAfterABitFlipIsFound() throws Exception {
        Path data = folder.resolve("server");
        Map<String, String> written = new HashMap<>();
        Path launcher = ServerProcess.launcher(folder);
        BitFlips flips =
                new BitFlips(
                        "registers",
                        () -> Map.copyOf(written),
                        Liar::new,
                        launcher,
                        folder.resolve("flipped"));
        try (ServerProcess server = new ServerProcess(folder, launcher, data, Map.of());
                Clients aws =
                        new Clients(
                                server.endpoint(),
                                FaultRun.ACCOUNT,
                                UrlConnectionHttpClient.create(),
                                1)) {
            aws.createTable("registers", StreamViewType.NEW_AND_OLD_IMAGES);
            for (String id : List.of("1", "2", "3", "4", "5", "6")) {
                Map<String, AttributeValue> item =
                        Map.of("id", AttributeValue.fromS(id), "by", AttributeValue.fromS("a"));
                aws.dynamodb.putItem(request -> request.tableName("registers").item(item));
                written.put(id, "a");
            }
            flips.rememberAcknowledged();
            server.kill();
            flips.copy(data);
        }

        flips.look("no bit at all");

        assertThat(flips.violations())
                .singleElement()
                .asString()
                .contains("wrong answer after no bit at all");
    }

    /// As if nobody looked for what is no longer held: the server is killed before it does.
    @Test
    @Timeout(300)
    void aSharedPayloadThatIsLeftBehindIsFound() throws Exception {
        Path data = folder.resolve("server");
        try (ServerProcess server =
                        new ServerProcess(folder, ServerProcess.launcher(folder), data, Map.of());
                Clients aws =
                        new Clients(
                                server.endpoint(),
                                FaultRun.ACCOUNT,
                                UrlConnectionHttpClient.create(),
                                1)) {
            String topic = aws.sns.createTopic(request -> request.name("t")).topicArn();
            List<String> urls = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                urls.add(aws.sqs.createQueue(request -> request.queueName(name)).queueUrl());
                String queue = "arn:aws:sqs:us-east-1:" + FaultRun.ACCOUNT + ":" + name;
                aws.sns.subscribe(
                        request -> request.topicArn(topic).protocol("sqs").endpoint(queue));
            }
            aws.sns.publish(request -> request.topicArn(topic).message("x".repeat(4000)));
            for (String url : urls) {
                String handle =
                        aws.sqs
                                .receiveMessage(from -> from.queueUrl(url).waitTimeSeconds(20))
                                .messages()
                                .getFirst()
                                .receiptHandle();
                aws.sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(handle));
            }
            server.kill();
        }

        assertThat(SharedPayloadsChecker.look(data)).anyMatch(found -> found.contains("left"));
    }

    @Test
    void aSharedPayloadThatIsMissingIsNotForgottenWithItsHolder() {
        assertThat(SharedPayloadsChecker.canHeal(List.of("left behind: a payload 1"))).isTrue();
        assertThat(
                        SharedPayloadsChecker.canHeal(
                                List.of("left behind: a payload 1", "missing: a payload 2")))
                .isFalse();
    }

    private RoundReport run(List<FaultKind> faults, Duration load, boolean lying)
            throws IOException, InterruptedException {
        if (Disk.prepare(HOME, Files.createDirectory(folder.resolve("probe"))).isEmpty()) {
            abort("no C compiler (cc): no disk can be broken");
        }
        FaultRun.Plan plan =
                new FaultRun.Plan(
                        HOME,
                        ServerProcess.launcher(folder),
                        folder.resolve("round"),
                        20261126L,
                        faults,
                        FaultRun.QUIET,
                        load,
                        DRAIN_ROUNDS_MAX);
        return new FaultRun(plan, lying ? Liar::new : UnaryOperator.identity()).run();
    }
}
