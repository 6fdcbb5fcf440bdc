package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.sns.CreateTopicInput;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.SubscribeInput;
import io.millrace.api.sqs.CreateQueueRequest;
import io.millrace.api.sqs.DeleteMessageRequest;
import io.millrace.api.sqs.DeleteQueueRequest;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.PurgeQueueRequest;
import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.OutboxSteps;
import io.millrace.delivery.Renderings;
import io.millrace.delivery.SharedPayloads;
import io.millrace.delivery.Targets;
import io.millrace.engine.Cursor;
import io.millrace.engine.MemoryStore;
import io.millrace.notification.NotificationOptions;
import io.millrace.notification.NotificationProviders;
import io.millrace.secret.CustomerKeys;
import io.millrace.service.sns.SnsFixture.FakeHttp;
import io.millrace.service.sns.SnsFixture.ManualClock;
import io.millrace.service.sqs.Sqs;
import io.millrace.trace.Trace;
import io.millrace.wire.Ids;
import io.millrace.wire.Service;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/// A payload that several messages share stays while one of them may be read, wherever it has gone,
/// and not much longer. By random operations on topics, queues and endpoints, with restarts.
///
/// Shown to fail when a payload is removed with its first holder.
final class PayloadLifetimeTest {
    private static final String ARN = "arn:aws:%s:us-east-1:000000000000:%s";
    private static final String URL = SnsFixture.ENDPOINT + "/000000000000/";
    private static final String LONG = "x".repeat(1000);
    private static final int QUEUES = 5;

    private final MemoryStore store = SnsFixture.store();
    private final ManualClock clock = new ManualClock();
    private SplittableRandom random = new SplittableRandom(0);

    /// A server on the store.
    private final class Server {
        final Ids ids = new Ids(random);
        final Monitoring monitoring =
                new Monitoring(clock, ids, store, new Targets(Map.of()), Trace.NONE);
        final Notifications notifications = new Notifications(store, clock, ids);
        final Sqs sqs =
                new Sqs(
                        store,
                        clock,
                        ids,
                        new Renderings(Map.of(Notifications.KIND, notifications)),
                        CustomerKeys.ANY,
                        false);
        final Targets targets = new Targets(Map.of("sqs", sqs.target()));
        final FakeHttp http = new FakeHttp();
        final Outbox outbox =
                new Outbox(
                        store,
                        clock,
                        ids,
                        random,
                        targets,
                        Sns.handlers(
                                store,
                                targets,
                                http,
                                notifications,
                                new NotificationProviders(store, clock, NotificationOptions.NONE),
                                monitoring));
        final Sns sns =
                new Sns(
                        store,
                        clock,
                        ids,
                        targets,
                        outbox,
                        notifications,
                        monitoring,
                        new SnsOptions(SnsFixture.ENDPOINT, false));
        final SharedPayloads payloads = new SharedPayloads(store, clock);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void livesAsLongAsSomebodyNeedsIt(long seed) {
        random = new SplittableRandom(seed);
        Server server = new Server();
        String topic =
                Objects.requireNonNull(
                        call(
                                        server.sns.service(),
                                        SnsApi.CREATE_TOPIC,
                                        CreateTopicInput.builder().name("t").build())
                                .topicArn());
        for (int i = -1; i < QUEUES; i++) {
            createQueue(server, i);
        }
        for (int i = 0; i < QUEUES; i++) {
            subscribe(server, topic, "sqs", ARN.formatted("sqs", name(i)), i == 3);
        }

        int read = 0;
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> publish(server, topic, step);
                case 4, 5, 6, 7 -> read += receive(server, random.nextInt(-1, QUEUES));
                case 8 -> clock.advance(Duration.ofSeconds(random.nextInt(1, 40)));
                case 9 -> server.payloads.sweep();
                case 10 -> disturb(server, random.nextInt(QUEUES));
                default -> server = new Server();
            }
        }

        assertThat(read).as("messages that were read").isGreaterThan(50);
        for (int i = -1; i < QUEUES; i++) {
            call(
                    server.sqs.service(),
                    SqsApi.PURGE_QUEUE,
                    PurgeQueueRequest.builder().queueUrl(URL + name(i)).build());
        }
        for (int i = 0; i < 12; i++) { // to the next look of the oldest
            clock.advance(Duration.ofSeconds(2L << i));
            server.payloads.sweep();
        }
        assertThat(keys(0x0d)).isZero();
        assertThat(keys(0x0e)).isZero();
    }

    /// What takes messages away without reading them.
    private void disturb(Server server, int queue) {
        String url = URL + name(queue);
        switch (random.nextInt(3)) {
            case 0 ->
                    call(
                            server.sqs.service(),
                            SqsApi.PURGE_QUEUE,
                            PurgeQueueRequest.builder().queueUrl(url).build());
            case 1 -> {
                call(
                        server.sqs.service(),
                        SqsApi.DELETE_QUEUE,
                        DeleteQueueRequest.builder().queueUrl(url).build());
                createQueue(server, queue);
            }
            default -> OutboxSteps.attemptDue(server.outbox);
        }
    }

    private static void createQueue(Server server, int number) {
        call(
                server.sqs.service(),
                SqsApi.CREATE_QUEUE,
                CreateQueueRequest.builder()
                        .queueName(name(number))
                        .attributes(
                                number < 0
                                        ? Map.of()
                                        : Map.of(
                                                "VisibilityTimeout",
                                                "20",
                                                "RedrivePolicy",
                                                """
                                                {"maxReceiveCount":1,"deadLetterTargetArn":"%s"}\
                                                """
                                                        .formatted(ARN.formatted("sqs", name(-1)))))
                        .build());
    }

    private static void subscribe(
            Server server, String topic, String protocol, String endpoint, boolean raw) {
        call(
                server.sns.service(),
                SnsApi.SUBSCRIBE,
                SubscribeInput.builder()
                        .topicArn(topic)
                        .protocol(protocol)
                        .endpoint(endpoint)
                        .attributes(Map.of("RawMessageDelivery", "" + raw))
                        .build());
    }

    private static void publish(Server server, String topic, int step) {
        call(
                server.sns.service(),
                SnsApi.PUBLISH,
                PublishInput.builder().topicArn(topic).message("m-" + step + LONG).build());
    }

    /// Reads what is there, deletes half of it; tells how many there were.
    private int receive(Server server, int queue) {
        String url = URL + name(queue);
        List<Message> messages =
                call(
                                server.sqs.service(),
                                SqsApi.RECEIVE_MESSAGE,
                                ReceiveMessageRequest.builder()
                                        .queueUrl(url)
                                        .maxNumberOfMessages(3)
                                        .build())
                        .messages();
        if (messages == null) {
            return 0;
        }
        for (Message message : messages) {
            assertThat(message.body()).contains("m-").contains(LONG);
            if (random.nextBoolean()) {
                call(
                        server.sqs.service(),
                        SqsApi.DELETE_MESSAGE,
                        DeleteMessageRequest.builder()
                                .queueUrl(url)
                                .receiptHandle(message.receiptHandle())
                                .build());
            }
        }
        return messages.size();
    }

    private static String name(int queue) {
        return queue < 0 ? "dead" : "q" + queue;
    }

    private int keys(int prefix) {
        return store.read(snapshot -> {
            int count = 0;
            try (Cursor cursor = snapshot.prefix(new byte[] {(byte) prefix})) {
                while (cursor.next()) {
                    count++;
                }
            }
            return count;
        });
    }

    private static <I extends Shape, O extends Shape> O call(
            Service service, OperationModel<I, O> model, I input) {
        return Objects.requireNonNull(service.operation(model)).handle(SnsFixture.CALLER, input);
    }
}
