package io.millrace.service.sqs;

import io.millrace.service.sqs.QueueHistory.Deletion;
import io.millrace.service.sqs.QueueHistory.Outcome;
import io.millrace.service.sqs.QueueHistory.Receipt;
import io.millrace.service.sqs.QueueHistory.Send;
import io.millrace.service.sqs.QueueHistory.Span;
import io.millrace.service.sqs.QueueHistory.VisibilityChange;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Many producers and consumers of a queue and its dead-letter queue, whose choices follow from a
/// seed: some ids are reused, some messages of a standard queue have a group, some are delayed,
/// forgotten, released early, held longer, or deleted late. Ends with both queues empty, and
/// everything in a history.
public final class QueueTraffic {

    private static final int GROUPS = 5;
    private static final int REUSED_IDS = 12;

    /// How a queue is called: in this process or over the wire.
    public interface Client {

        Answer send(String queue, Draft draft) throws Refused, Unanswered;

        List<Message> receive(String queue, int countMax, int visibilitySeconds)
                throws Refused, Unanswered;

        void delete(String queue, String handle) throws Refused, Unanswered;

        void changeVisibility(String queue, String handle, int seconds) throws Refused, Unanswered;

        /// There was nothing to receive, or nobody to receive it from.
        void idle();

        /// Lets time pass until no receipt or delay holds a message back any more.
        void idleUntilAllIsVisible();
    }

    /// How much of what happens.
    ///
    /// @param fifo whether the queues are FIFO queues
    /// @param visibilitySecondsMax the longest time for which a message is hidden
    public record Plan(
            String queue,
            String deadLetters,
            boolean fifo,
            long seed,
            int producers,
            int consumers,
            int sendsPerProducer,
            int visibilitySecondsMax) {}

    /// A message to send.
    ///
    /// @param group in a standard queue perhaps empty
    /// @param deduplicationId empty for a standard queue
    public record Draft(String body, String group, String deduplicationId, int delaySeconds) {}

    public record Answer(String messageId, String sequenceNumber) {}

    public record Message(
            String messageId, String handle, String body, Map<String, String> attributes) {

        private String attribute(String name) {
            return attributes.getOrDefault(name, "");
        }
    }

    /// The call did nothing.
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
    }

    /// Nobody knows what the call did.
    public static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1;
    }

    private record Held(Receipt receipt, String handle) {}

    private interface Attempt {
        void run() throws Refused, Unanswered;
    }

    private static final int ASKED_IN_VAIN_MAX = 20;

    private final Client client;
    private final QueueHistory history;
    private final Plan plan;
    private final AtomicInteger producing;
    private volatile boolean stopped;

    public QueueTraffic(Client client, QueueHistory history, Plan plan) {
        this.client = client;
        this.history = history;
        this.plan = plan;
        this.producing = new AtomicInteger(plan.producers());
    }

    public void run() throws InterruptedException, ExecutionException {
        SplittableRandom random = new SplittableRandom(plan.seed());
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < plan.producers(); i++) {
                int producer = i;
                SplittableRandom own = random.split();
                all.add(threads.submit(() -> produce(producer, own)));
            }
            for (int i = 0; i < plan.consumers(); i++) {
                SplittableRandom own = random.split();
                all.add(threads.submit(() -> consume(own)));
            }
        }
        for (Future<?> each : all) {
            each.get();
        }
        drain();
    }

    /// Nothing more is sent; what was sent is still received.
    public void stop() {
        stopped = true;
    }

    private void produce(int producer, SplittableRandom random) {
        for (int i = 0; i < plan.sendsPerProducer() && !stopped; i++) {
            String body = producer + "-" + i;
            if (plan.fifo()) {
                boolean reused = random.nextInt(3) == 0;
                String id = reused ? "reused-" + random.nextInt(REUSED_IDS) : body;
                send(new Draft(body, "g" + random.nextInt(GROUPS), id, 0));
            } else {
                int delay =
                        random.nextInt(4) == 0 ? random.nextInt(plan.visibilitySecondsMax()) : 0;
                int group = random.nextInt(2 * GROUPS); // half of them have none
                send(new Draft(body, group < GROUPS ? "g" + group : "", "", delay));
            }
        }
        producing.decrementAndGet();
    }

    private void send(Draft draft) {
        QueueHistory.Call call = history.begin();
        Answer answer = new Answer("", "");
        Outcome outcome = Outcome.DONE;
        try {
            answer = client.send(plan.queue(), draft);
        } catch (Refused _) {
            outcome = Outcome.REFUSED;
        } catch (Unanswered _) {
            outcome = Outcome.UNKNOWN;
        }
        history.sends.add(
                new Send(
                        draft.body(),
                        draft.group(),
                        draft.deduplicationId(),
                        draft.delaySeconds(),
                        outcome,
                        answer.messageId(),
                        answer.sequenceNumber(),
                        call.end()));
        if (outcome != Outcome.DONE) {
            client.idle();
        }
    }

    private void consume(SplittableRandom random) {
        List<Held> late = new ArrayList<>();
        while (producing.get() > 0) {
            String queue = random.nextInt(4) == 0 ? plan.deadLetters() : plan.queue();
            int seconds = random.nextInt(plan.visibilitySecondsMax() + 1);
            List<Held> received = receive(queue, 1 + random.nextInt(10), seconds);
            for (Held held : received) {
                switch (random.nextInt(12)) {
                    case 0, 1 -> {} // forgotten
                    case 2 -> release(held, 0);
                    case 3 -> release(held, random.nextInt(plan.visibilitySecondsMax() + 1));
                    case 4 -> late.add(held);
                    default -> delete(held);
                }
            }
            if (!late.isEmpty() && random.nextInt(3) == 0) {
                delete(late.remove(random.nextInt(late.size())));
            }
            if (received.isEmpty()) {
                client.idle();
            }
        }
    }

    /// Receives and deletes until nothing comes, twice, although nothing is hidden.
    private void drain() {
        for (int emptyRounds = 0; emptyRounds < 2; emptyRounds++) {
            for (String queue : List.of(plan.queue(), plan.deadLetters())) {
                List<Held> received = receiveInTheEnd(queue);
                while (!received.isEmpty()) { // ends, since nobody sends any more
                    emptyRounds = 0;
                    received.forEach(this::delete);
                    received = receiveInTheEnd(queue);
                }
            }
            client.idleUntilAllIsVisible();
        }
    }

    /// Asks again when there is no answer, which is not an empty one, and may have hidden messages.
    private List<Held> receiveInTheEnd(String queue) {
        for (int attempt = 1; attempt < ASKED_IN_VAIN_MAX; attempt++) {
            try {
                return ask(queue, 10, plan.visibilitySecondsMax());
            } catch (Refused | Unanswered _) {
                client.idleUntilAllIsVisible();
            }
        }
        return List.of();
    }

    private List<Held> receive(String queue, int countMax, int visibilitySeconds) {
        try {
            return ask(queue, countMax, visibilitySeconds);
        } catch (Refused | Unanswered _) {
            return List.of();
        }
    }

    private List<Held> ask(String queue, int countMax, int visibilitySeconds)
            throws Refused, Unanswered {
        QueueHistory.Call call = history.begin();
        List<Message> messages;
        try {
            messages = client.receive(queue, countMax, visibilitySeconds);
        } catch (Refused | Unanswered e) {
            call.end();
            throw e;
        }
        Span span = call.end();
        List<Held> held = new ArrayList<>();
        for (Message message : messages) {
            Receipt receipt =
                    new Receipt(
                            call.number(),
                            queue,
                            message.messageId(),
                            message.body(),
                            message.attribute("MessageGroupId"),
                            message.attribute("MessageDeduplicationId"),
                            message.attribute("SequenceNumber"),
                            Integer.parseInt(message.attribute("ApproximateReceiveCount")),
                            Long.parseLong(message.attribute("SentTimestamp")),
                            visibilitySeconds,
                            span);
            history.receipts.add(receipt);
            held.add(new Held(receipt, message.handle()));
        }
        return held;
    }

    private void delete(Held held) {
        QueueHistory.Call call = history.begin();
        Outcome outcome = attempt(() -> client.delete(held.receipt().queue(), held.handle()));
        history.deletions.add(new Deletion(held.receipt(), outcome, call.end()));
    }

    private void release(Held held, int seconds) {
        QueueHistory.Call call = history.begin();
        Outcome outcome =
                attempt(() ->
                        client.changeVisibility(held.receipt().queue(), held.handle(), seconds));
        history.changes.add(new VisibilityChange(held.receipt(), seconds, outcome, call.end()));
    }

    private static Outcome attempt(Attempt attempt) {
        try {
            attempt.run();
            return Outcome.DONE;
        } catch (Refused _) {
            return Outcome.REFUSED;
        } catch (Unanswered _) {
            return Outcome.UNKNOWN;
        }
    }
}
