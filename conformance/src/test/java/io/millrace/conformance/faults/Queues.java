package io.millrace.conformance.faults;

import io.millrace.conformance.faults.Calls.Outcome;
import io.millrace.service.sqs.QueueHistory;
import io.millrace.service.sqs.QueueHistoryChecker;
import io.millrace.service.sqs.QueueTraffic;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// A queue and its dead-letter queue with many producers and consumers: [QueueTraffic] over the
/// wire.
final class Queues implements Workload {
    private static final int PRODUCERS = 2;
    private static final int CONSUMERS = 2;
    private static final int SENDS_PER_PRODUCER_MAX = 4000;
    private static final int VISIBILITY_SECONDS_MAX = 2;
    private static final int MAX_RECEIVE_COUNT = 2;
    private static final long PACE_NANOS = 10_000_000;

    private final World world;
    private final SqsClient sqs;
    private final boolean fifo;
    private final ExecutorService threads;
    private final QueueHistory history;
    private String queue = "";
    private @Nullable QueueTraffic traffic;
    private @Nullable Future<?> running;

    Queues(World world, boolean fifo, ExecutorService threads) {
        this.world = world;
        this.sqs = world.aws().sqs;
        this.fifo = fifo;
        this.threads = threads;
        this.history = new QueueHistory(world.clock(), world.clock().most());
        world.clock().guard(history);
    }

    /// Calls over the wire, each once.
    private final class Client implements QueueTraffic.Client {

        @Override
        public QueueTraffic.Answer send(String queue, QueueTraffic.Draft draft)
                throws QueueTraffic.Refused, QueueTraffic.Unanswered {
            String group = draft.group();
            SendMessageRequest.Builder request =
                    SendMessageRequest.builder()
                            .queueUrl(queue)
                            .messageBody(draft.body())
                            .messageGroupId(group.isEmpty() ? null : group);
            if (fifo) {
                request.messageDeduplicationId(draft.deduplicationId());
            } else {
                request.delaySeconds(draft.delaySeconds());
            }
            SendMessageResponse sent =
                    answer("sqs SendMessage", () -> sqs.sendMessage(request.build()));
            LockSupport.parkNanos(PACE_NANOS);
            String number = sent.sequenceNumber();
            return new QueueTraffic.Answer(sent.messageId(), number == null ? "" : number);
        }

        @Override
        public List<QueueTraffic.Message> receive(String queue, int countMax, int visibilitySeconds)
                throws QueueTraffic.Refused, QueueTraffic.Unanswered {
            ReceiveMessageRequest request =
                    ReceiveMessageRequest.builder()
                            .queueUrl(queue)
                            .maxNumberOfMessages(countMax)
                            .visibilityTimeout(visibilitySeconds)
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                            .build();
            return answer("sqs ReceiveMessage", () -> sqs.receiveMessage(request))
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
            answer(
                    "sqs DeleteMessage",
                    () ->
                            sqs.deleteMessage(
                                    request -> request.queueUrl(queue).receiptHandle(handle)));
        }

        @Override
        public void changeVisibility(String queue, String handle, int seconds)
                throws QueueTraffic.Refused, QueueTraffic.Unanswered {
            answer(
                    "sqs ChangeMessageVisibility",
                    () ->
                            sqs.changeMessageVisibility(request ->
                                    request.queueUrl(queue)
                                            .receiptHandle(handle)
                                            .visibilityTimeout(seconds)));
        }

        private <T> T answer(String kind, Supplier<T> call)
                throws QueueTraffic.Refused, QueueTraffic.Unanswered {
            AtomicReference<@Nullable T> answer = new AtomicReference<>();
            Outcome outcome = world.calls().call(kind, () -> answer.set(call.get()));
            T given = answer.get();
            if (outcome == Outcome.REFUSED) {
                throw new QueueTraffic.Refused();
            }
            if (given == null) {
                throw new QueueTraffic.Unanswered();
            }
            return given;
        }

        @Override
        public void idle() {
            world.calls().idle();
        }

        /// The clock was perhaps put back: then the server's goes on at half its speed.
        @Override
        public void idleUntilAllIsVisible() {
            LockSupport.parkNanos(
                    Duration.ofSeconds(VISIBILITY_SECONDS_MAX).multipliedBy(2).toNanos());
        }
    }

    @Override
    public void prepare() {
        String suffix = fifo ? ".fifo" : "";
        String deadLetters = create("dead" + suffix, Map.of());
        String policy =
                "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
                        .formatted(world.queueArn("dead" + suffix), MAX_RECEIVE_COUNT);
        queue = create("queue" + suffix, Map.of(QueueAttributeName.REDRIVE_POLICY, policy));
        QueueTraffic.Plan plan =
                new QueueTraffic.Plan(
                        queue,
                        deadLetters,
                        fifo,
                        world.random().nextLong(),
                        PRODUCERS,
                        CONSUMERS,
                        SENDS_PER_PRODUCER_MAX,
                        VISIBILITY_SECONDS_MAX);
        traffic = new QueueTraffic(new Client(), history, plan);
    }

    private String create(String name, Map<QueueAttributeName, String> attributes) {
        Map<QueueAttributeName, String> all = new HashMap<>(attributes);
        if (fifo) {
            all.put(QueueAttributeName.FIFO_QUEUE, "true");
        }
        return world.aws()
                .sqs
                .createQueue(request -> request.queueName(name).attributes(all))
                .queueUrl();
    }

    @Override
    public void start() {
        QueueTraffic started = traffic;
        if (started != null) {
            running =
                    threads.submit(() -> {
                        started.run();
                        return started;
                    });
        }
    }

    /// No further sends; the traffic empties its queues by itself.
    @Override
    public void drain() {
        abandon();
        try {
            if (running != null) {
                running.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void abandon() {
        if (traffic != null) {
            traffic.stop();
        }
    }

    @Override
    public List<String> violations() {
        return new QueueHistoryChecker(history, queue, MAX_RECEIVE_COUNT).violations();
    }
}
