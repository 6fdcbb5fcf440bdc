package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.service.sqs.QueueHistory;
import io.millrace.service.sqs.QueueHistoryChecker;
import io.millrace.service.sqs.QueueTraffic;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// A standard and a FIFO queue, each with a dead-letter queue, over kills of the server with
/// SIGKILL: what many producers and consumers saw is what queues do. `-Dmillrace.long=true` kills
/// many more times; `-Dmillrace.seed=` repeats the callers' choices.
///
/// Seen to fail, with: a server that begins to read the ready list at its end ("lost"). For the
/// checks themselves see `QueueHistoryTest`.
final class QueueKillTest {

    private static final long SEED = Long.getLong("millrace.seed", 20260308L);
    private static final int KILLS = Boolean.getBoolean("millrace.long") ? 40 : 2;
    private static final int SENDS_BETWEEN_KILLS = 240;
    private static final int PRODUCERS = 3;
    private static final int CONSUMERS = 4;
    private static final int VISIBILITY_SECONDS_MAX = 2;
    private static final int MAX_RECEIVE_COUNT = 2;

    @TempDir private Path folder;

    private final AtomicBoolean away = new AtomicBoolean();

    /// Calls over the wire, each once: what is sent again by itself would be there twice.
    private final class Client implements QueueTraffic.Client {
        private final SqsClient sqs;

        private Client(SqsClient sqs) {
            this.sqs = sqs;
        }

        @Override
        public QueueTraffic.Answer send(String queue, QueueTraffic.Draft draft)
                throws QueueTraffic.Refused, QueueTraffic.Unanswered {
            boolean fifo = !draft.deduplicationId().isEmpty();
            String group = draft.group();
            SendMessageResponse sent =
                    answer(() ->
                            sqs.sendMessage(request ->
                                    request.queueUrl(queue)
                                            .messageBody(draft.body())
                                            .messageGroupId(group.isEmpty() ? null : group)
                                            .messageDeduplicationId(
                                                    fifo ? draft.deduplicationId() : null)
                                            .delaySeconds(fifo ? null : draft.delaySeconds())));
            String number = sent.sequenceNumber();
            return new QueueTraffic.Answer(sent.messageId(), number == null ? "" : number);
        }

        @Override
        public List<QueueTraffic.Message> receive(String queue, int countMax, int visibilitySeconds)
                throws QueueTraffic.Refused, QueueTraffic.Unanswered {
            return answer(() ->
                            sqs.receiveMessage(request ->
                                    request.queueUrl(queue)
                                            .maxNumberOfMessages(countMax)
                                            .visibilityTimeout(visibilitySeconds)
                                            .messageSystemAttributeNames(
                                                    MessageSystemAttributeName.ALL)))
                    .messages()
                    .stream()
                    .map(Client::message)
                    .toList();
        }

        private static QueueTraffic.Message message(Message message) {
            return new QueueTraffic.Message(
                    message.messageId(),
                    message.receiptHandle(),
                    message.body(),
                    message.attributesAsStrings());
        }

        @Override
        public void delete(String queue, String handle)
                throws QueueTraffic.Refused, QueueTraffic.Unanswered {
            answer(() ->
                    sqs.deleteMessage(request -> request.queueUrl(queue).receiptHandle(handle)));
        }

        @Override
        public void changeVisibility(String queue, String handle, int seconds)
                throws QueueTraffic.Refused, QueueTraffic.Unanswered {
            answer(() ->
                    sqs.changeMessageVisibility(request ->
                            request.queueUrl(queue)
                                    .receiptHandle(handle)
                                    .visibilityTimeout(seconds)));
        }

        private static <T> T answer(Supplier<T> call)
                throws QueueTraffic.Refused, QueueTraffic.Unanswered {
            try {
                return call.get();
            } catch (AwsServiceException e) {
                if (e.statusCode() / 100 == 4) {
                    throw new QueueTraffic.Refused();
                }
                throw new QueueTraffic.Unanswered();
            } catch (SdkException | UncheckedIOException _) {
                throw new QueueTraffic.Unanswered();
            }
        }

        @Override
        public void idle() {
            do {
                LockSupport.parkNanos(10_000_000);
            } while (away.get());
        }

        @Override
        public void idleUntilAllIsVisible() {
            LockSupport.parkNanos(Duration.ofSeconds(VISIBILITY_SECONDS_MAX).toNanos());
        }
    }

    @Test
    @Timeout(900)
    void whatCallersSawIsWhatQueuesDo() throws Exception {
        System.out.println("queue kill: -Dmillrace.seed=" + SEED);
        QueueHistory standard = new QueueHistory(InstantSource.system());
        QueueHistory fifo = new QueueHistory(InstantSource.system());
        try (ServerProcess server = new ServerProcess(folder);
                SqsClient sqs = client(server.endpoint());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<String>> first = threads.submit(() -> violations(sqs, false, standard));
            Future<List<String>> second = threads.submit(() -> violations(sqs, true, fifo));
            for (int kill = 1; kill <= KILLS; kill++) {
                int enough = kill * SENDS_BETWEEN_KILLS;
                Eventually.see(
                        enough + " sends",
                        () -> standard.sendCount() + fifo.sendCount(),
                        sends -> sends >= enough || first.isDone() || second.isDone());
                away.set(true);
                try {
                    server.killAndRestart();
                } finally {
                    away.set(false);
                }
            }

            assertThat(first.get()).isEmpty();
            assertThat(second.get()).isEmpty();
            System.out.println("standard: " + standard + "; FIFO: " + fifo);
        }
    }

    private List<String> violations(SqsClient sqs, boolean fifo, QueueHistory history)
            throws Exception {
        String deadLetters = create(sqs, "dead", fifo, Map.of());
        String policy =
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:444455556666:dead%s\",\"maxReceiveCount\":%d}"
                        .formatted(fifo ? ".fifo" : "", MAX_RECEIVE_COUNT);
        String queue = create(sqs, "q", fifo, Map.of(QueueAttributeName.REDRIVE_POLICY, policy));
        QueueTraffic.Plan plan =
                new QueueTraffic.Plan(
                        queue,
                        deadLetters,
                        fifo,
                        SEED,
                        PRODUCERS,
                        CONSUMERS,
                        (KILLS + 1) * SENDS_BETWEEN_KILLS / 2 / PRODUCERS,
                        VISIBILITY_SECONDS_MAX);
        new QueueTraffic(new Client(sqs), history, plan).run();
        return new QueueHistoryChecker(history, queue, MAX_RECEIVE_COUNT).violations();
    }

    private static String create(
            SqsClient sqs, String name, boolean fifo, Map<QueueAttributeName, String> attributes) {
        Map<QueueAttributeName, String> all = new HashMap<>(attributes);
        if (fifo) {
            all.put(QueueAttributeName.FIFO_QUEUE, "true");
        }
        return sqs.createQueue(
                        request -> request.queueName(fifo ? name + ".fifo" : name).attributes(all))
                .queueUrl();
    }

    private static SqsClient client(URI endpoint) {
        return SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("444455556666", "secret")))
                .httpClientBuilder(
                        UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(60)))
                .overrideConfiguration(
                        all -> all.retryStrategy(strategy -> strategy.maxAttempts(1)))
                .build();
    }
}
