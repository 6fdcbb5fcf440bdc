package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.sns.CreateTopicInput;
import io.millrace.api.sns.PublishInput;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.SubscribeInput;
import io.millrace.delivery.JobHandler;
import io.millrace.delivery.Message;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.OutboxSteps;
import io.millrace.delivery.Rendering;
import io.millrace.delivery.Renderings;
import io.millrace.delivery.StoreTarget;
import io.millrace.delivery.Targets;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Transaction;
import io.millrace.notification.NotificationOptions;
import io.millrace.notification.NotificationProviders;
import io.millrace.pattern.Arn;
import io.millrace.secret.CustomerKeys;
import io.millrace.service.logs.Logs;
import io.millrace.storage.ResourceCodec;
import io.millrace.trace.Hop;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

/// An SNS on a store in memory, with queues that keep what they get, HTTP endpoints that answer as
/// they are told, and a clock that stands still.
final class SnsFixture {

    /// A clock that is moved by hand.
    static final class ManualClock implements InstantSource {
        private volatile Instant now = Instant.parse("2026-01-02T03:04:05.678Z");

        @Override
        public Instant instant() {
            return now;
        }

        void advance(Duration duration) {
            now = now.plus(duration);
        }
    }

    /// Queues in the store; those whose name begins with `missing` do not exist, and for those with
    /// `broken` there is no memory.
    static final class FakeQueues implements StoreTarget {
        private static final ResourceCodec<Message> CODEC = new ResourceCodec<>(Message.class);

        @Override
        public Outcome deliver(Transaction tx, Arn target, Message message) {
            if (target.resource().startsWith("missing")) {
                return new Outcome.Refused(
                        "AWS.SimpleQueueService.NonExistentQueue",
                        "The specified queue does not exist.");
            }
            if (target.resource().startsWith("broken")) {
                throw new InternalError("planted");
            }
            int count = 0;
            try (Cursor cursor = tx.prefix(prefix(target.resource()).toBytes())) {
                while (cursor.next()) {
                    count++;
                }
            }
            tx.put(
                    prefix(target.resource()).uint32(count).toBytes(),
                    CODEC.encode(message.alone()));
            return new Outcome.Delivered("message-" + count);
        }

        private static KeyWriter prefix(String queue) {
            return new KeyWriter(0x3f).string(queue);
        }
    }

    record Posted(URI url, Map<String, String> headers, String body) {}

    /// Answers with the given statuses, then with 200; a status below 100 is a broken connection.
    static final class FakeHttp implements HttpSender {
        final List<Posted> posted = new CopyOnWriteArrayList<>();
        final Deque<Integer> statuses = new ArrayDeque<>();

        @Override
        public int post(URI url, Map<String, String> headers, byte[] body) throws IOException {
            posted.add(new Posted(url, headers, new String(body, StandardCharsets.UTF_8)));
            int status = Objects.requireNonNullElse(statuses.poll(), 200);
            if (status < 100) {
                throw new IOException("connection refused");
            }
            return status;
        }
    }

    static final String ENDPOINT = "http://localhost:4566";
    static final Caller CALLER =
            new Caller(
                    "000000000000",
                    "us-east-1",
                    "arn:aws:iam::000000000000:root",
                    "AKIAIOSFODNN7EXAMPLE",
                    "request-1",
                    ENDPOINT);
    static final Caller STRANGER =
            new Caller(
                    "111111111111",
                    "us-east-1",
                    "arn:aws:iam::111111111111:root",
                    "AKIAIOSFODNN7STRANGER",
                    "request-2",
                    ENDPOINT);
    static final Caller ANONYMOUS =
            new Caller("000000000000", "us-east-1", Caller.ANONYMOUS, "", "request-3", ENDPOINT);

    /// One key for all tests: making one takes a while.
    private static final SigningKeys.Stored KEY = key();

    final MemoryStore store = store(KEY);
    final ManualClock clock = new ManualClock();
    final SplittableRandom random = new SplittableRandom(42);
    final Ids ids = new Ids(random);
    final FakeHttp http = new FakeHttp();
    final Notifications notifications = new Notifications(store, clock, ids);
    final Logs logs = new Logs(store, clock, ids, false, CustomerKeys.ANY);
    final List<Hop> hops = new CopyOnWriteArrayList<>();
    final Monitoring monitoring =
            new Monitoring(
                    clock, ids, store, new Targets(Map.of("logs", logs.target())), hops::addAll);
    final Targets targets = new Targets(Map.of("sqs", new FakeQueues()));
    final NotificationProviders providers =
            new NotificationProviders(store, clock, NotificationOptions.NONE);
    final Outbox outbox =
            outbox(Sns.handlers(store, targets, http, notifications, providers, monitoring));
    final Sns sns = sns(new SnsOptions(ENDPOINT, false));

    /// Another outbox over the same jobs.
    Outbox outbox(Map<String, JobHandler> handlers) {
        return new Outbox(store, clock, ids, random, targets, handlers);
    }

    private static SigningKeys.Stored key() {
        MemoryStore store = new MemoryStore();
        SigningKeys keys =
                new SigningKeys(store, new ManualClock(), new Ids(new SplittableRandom(1)));
        keys.certificatePem();
        return new ResourceCodec<>(SigningKeys.Stored.class)
                .decode(
                        Objects.requireNonNull(
                                store.<byte @Nullable []>read(
                                        snapshot -> snapshot.get(SnsKeys.signingKey()))));
    }

    /// Another server on the same store.
    Sns sns(SnsOptions options) {
        return new Sns(store, clock, ids, targets, outbox, notifications, monitoring, options);
    }

    /// A store with a signing key.
    static MemoryStore store() {
        return store(KEY);
    }

    private static MemoryStore store(SigningKeys.Stored key) {
        MemoryStore store = new MemoryStore();
        store.<@Nullable Void>write(tx -> {
            tx.put(SnsKeys.signingKey(), new ResourceCodec<>(SigningKeys.Stored.class).encode(key));
            return null;
        });
        return store;
    }

    <I extends Shape, O extends Shape> O call(OperationModel<I, O> model, I input) {
        return call(CALLER, model, input);
    }

    <I extends Shape, O extends Shape> O call(Caller caller, OperationModel<I, O> model, I input) {
        Operation<I, O> operation = sns.service().operation(model);
        return Objects.requireNonNull(operation).handle(caller, input);
    }

    <I extends Shape, O extends Shape> ServiceException refusal(
            OperationModel<I, O> model, I input) {
        return refusal(CALLER, model, input);
    }

    <I extends Shape, O extends Shape> ServiceException refusal(
            Caller caller, OperationModel<I, O> model, I input) {
        return Objects.requireNonNull(
                catchThrowableOfType(ServiceException.class, () -> call(caller, model, input)));
    }

    String topic(String name) {
        return topic(name, Map.of());
    }

    String topic(String name, Map<String, String> attributes) {
        return Objects.requireNonNull(
                call(
                                SnsApi.CREATE_TOPIC,
                                CreateTopicInput.builder()
                                        .name(name)
                                        .attributes(attributes)
                                        .build())
                        .topicArn());
    }

    static String queueArn(String name) {
        return "arn:aws:sqs:us-east-1:000000000000:" + name;
    }

    String subscribeQueue(String topicArn, String queue, Map<String, String> attributes) {
        return subscribe(topicArn, "sqs", queueArn(queue), attributes);
    }

    String subscribe(
            String topicArn, String protocol, String endpoint, Map<String, String> attributes) {
        return Objects.requireNonNull(
                call(
                                SnsApi.SUBSCRIBE,
                                SubscribeInput.builder()
                                        .topicArn(topicArn)
                                        .protocol(protocol)
                                        .endpoint(endpoint)
                                        .attributes(attributes)
                                        .returnSubscriptionArn(true)
                                        .build())
                        .subscriptionArn());
    }

    String publish(String topicArn, String message) {
        return Objects.requireNonNull(
                call(
                                SnsApi.PUBLISH,
                                PublishInput.builder().topicArn(topicArn).message(message).build())
                        .messageId());
    }

    /// Attempts every job that is due now, once, in this thread.
    void deliverDue() {
        OutboxSteps.attemptDue(outbox);
    }

    /// The jobs that the outbox owes, headers and payload as text, in the order of their commits.
    List<String> owed() {
        record Owed(byte[] key, String job) {}
        return store.read(snapshot -> {
            List<Owed> owed = new ArrayList<>();
            try (Cursor cursor = snapshot.prefix(new byte[] {0x08})) {
                while (cursor.next()) {
                    byte[] key = cursor.key();
                    byte[] stamp = Arrays.copyOfRange(key, 10, 18);
                    String job = new String(cursor.value(), StandardCharsets.UTF_8);
                    owed.add(new Owed(stamp, job));
                }
            }
            owed.sort((a, b) -> Arrays.compareUnsigned(a.key, b.key));
            return owed.stream().map(Owed::job).toList();
        });
    }

    /// What a queue holds, in order, as it would be received.
    List<Message> messages(String queue) {
        return kept(queue).stream().map(this::read).toList();
    }

    /// What a queue holds, in order, as it is stored.
    List<Message> kept(String queue) {
        return store.read(snapshot -> {
            List<Message> messages = new ArrayList<>();
            try (Cursor cursor = snapshot.prefix(FakeQueues.prefix(queue).toBytes())) {
                while (cursor.next()) {
                    messages.add(FakeQueues.CODEC.decode(cursor.value()));
                }
            }
            return messages;
        });
    }

    private Message read(Message message) {
        Rendering rendering = message.rendering();
        if (rendering == null) {
            return message;
        }
        String text =
                new Renderings(Map.of(Notifications.KIND, notifications))
                        .text(rendering.kind(), rendering.own(), rendering.shared());
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSize(rendering.length());
        return new Message(
                text,
                message.attributes(),
                message.subject(),
                message.groupId(),
                message.deduplicationId(),
                message.traceHeader(),
                message.senderId(),
                message.sourceArn());
    }

    List<String> bodies(String queue) {
        return messages(queue).stream().map(Message::body).toList();
    }
}
