package io.millrace.conformance.faults;

import io.millrace.conformance.faults.Calls.Outcome;
import io.millrace.conformance.faults.DeliveryChecker.Promise;

import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// What is sent at one end and comes out at others: the frame of topics, rules, pipes, schedules
/// and moves of dead letters.
final class Flow implements Workload {
    private static final int VISIBILITY_SECONDS = 3;

    /// After so many rounds the clock is moved past what waits for another attempt.
    private static final int PATIENT_ROUNDS = 3;

    private static final Duration REPEATED_EVERY = Duration.ofMillis(500);
    private static final Duration SKIP = Duration.ofMinutes(1);

    /// What makes a flow.
    interface Plumbing {
        void lay(Flow flow);
    }

    /// An end of the flow.
    ///
    /// @param url of its queue; empty when it is an HTTP endpoint
    /// @param id takes the name of what was sent out of a body
    private record End(
            String name, DeliveryChecker checker, String url, UnaryOperator<String> id) {}

    private final World world;
    private final SqsClient sqs;
    private final int senders;
    private final Plumbing plumbing;
    private final List<End> ends = new ArrayList<>();
    private Consumer<String> send = _ -> {};
    private String kind = "";
    private String repeatedKind = "";
    private Runnable repeated = () -> {};
    private Runnable last = () -> {};

    Flow(World world, int senders, Plumbing plumbing) {
        this.world = world;
        this.sqs = world.aws().sqs;
        this.senders = senders;
        this.plumbing = plumbing;
    }

    World world() {
        return world;
    }

    /// @param counted under which the calls are counted
    /// @param one sends the thing of this name, in one call
    void sendBy(String counted, Consumer<String> one) {
        kind = counted;
        send = one;
    }

    /// A call that is repeated meanwhile, and until everything has come.
    void meanwhile(String counted, Runnable call) {
        repeatedKind = counted;
        repeated = call;
    }

    /// What is done when everything is sent.
    void inTheEnd(Runnable call) {
        last = call;
    }

    /// Makes a queue; returns its ARN. A name that ends in `.fifo` makes it a FIFO queue.
    String queue(String name, Map<QueueAttributeName, String> attributes) {
        Map<QueueAttributeName, String> all = new HashMap<>(attributes);
        all.put(QueueAttributeName.VISIBILITY_TIMEOUT, Integer.toString(VISIBILITY_SECONDS));
        if (name.endsWith(".fifo")) {
            all.put(QueueAttributeName.FIFO_QUEUE, "true");
            all.putIfAbsent(QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true");
        }
        sqs.createQueue(request -> request.queueName(name).attributes(all));
        return world.queueArn(name);
    }

    /// Makes a queue that is an end; returns its ARN.
    ///
    /// @param id takes the name of what was sent out of a message's body
    String endQueue(String name, Promise promise, UnaryOperator<String> id) {
        String arn = queue(name, Map.of());
        String url = sqs.getQueueUrl(get -> get.queueName(name)).queueUrl();
        ends.add(new End(name, new DeliveryChecker(promise), url, id));
        return arn;
    }

    /// Makes an address that is an end, at least once; returns it.
    ///
    /// @param id as for a queue; empty for a body that is none of ours
    String endAddress(String name, UnaryOperator<String> id) {
        DeliveryChecker checker = new DeliveryChecker(Promise.AT_LEAST_ONCE);
        ends.add(new End(name, checker, "", id));
        AtomicInteger deliveries = new AtomicInteger();
        return world.targets()
                .endpoint(
                        "/" + name,
                        body -> {
                            String sent = id.apply(body);
                            if (!sent.isEmpty()) {
                                world.calls().count("http delivery", Outcome.DONE);
                                checker.received(
                                        sent, "request " + deliveries.incrementAndGet(), 0);
                            }
                        });
    }

    @Override
    public void prepare() {
        ends.clear();
        plumbing.lay(this);
    }

    @Override
    public void start() {
        for (int i = 0; i < senders; i++) {
            String sender = "s" + i + "-";
            AtomicInteger number = new AtomicInteger();
            world.calls().repeat(world.random(), _ -> send(sender + number.getAndIncrement()));
        }
        for (End end : ends) {
            if (!end.url().isEmpty()) {
                world.calls().repeat(world.random(), _ -> receive(end, 1));
            }
        }
        if (!repeatedKind.isEmpty()) {
            world.calls().repeat(world.random(), _ -> repeat());
        }
    }

    private void repeat() {
        Faults.sleep(REPEATED_EVERY);
        if (!repeatedKind.isEmpty()) {
            world.calls().call(repeatedKind, repeated);
        }
    }

    private void send(String name) {
        ends.forEach(end -> end.checker().sending(name));
        Outcome outcome = world.calls().call(kind, () -> send.accept(name));
        ends.forEach(end -> end.checker().sent(name, outcome));
        if (outcome != Outcome.DONE) {
            world.calls().idle();
        }
    }

    /// Returns how many came.
    private int receive(End end, int waitSeconds) {
        long begun = world.calls().moment();
        List<Message> messages = new ArrayList<>();
        ReceiveMessageRequest request =
                ReceiveMessageRequest.builder()
                        .queueUrl(end.url())
                        .maxNumberOfMessages(10)
                        .waitTimeSeconds(waitSeconds)
                        .build();
        Runnable call = () -> messages.addAll(sqs.receiveMessage(request).messages());
        Outcome outcome = world.calls().call("sqs ReceiveMessage", call);
        for (Message message : messages) {
            end.checker().received(end.id().apply(message.body()), message.messageId(), begun);
            String handle = message.receiptHandle();
            Runnable delete =
                    () -> sqs.deleteMessage(gone -> gone.queueUrl(end.url()).receiptHandle(handle));
            Outcome deletion = world.calls().call("sqs DeleteMessage", delete);
            if (deletion == Outcome.DONE) {
                end.checker().deleted(message.messageId(), world.calls().moment());
            }
        }
        if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
        return messages.size();
    }

    /// Until everything has come, and then until nothing comes for longer than a receipt hides.
    @Override
    public void drain() {
        last.run();
        int quietRounds = 0;
        for (int round = 0; round < world.drainRoundsMax() && quietRounds < 2; round++) {
            int came = 0;
            for (End end : ends) {
                if (!end.url().isEmpty()) {
                    int messages = receive(end, 1);
                    came += messages;
                    round -= messages > 0 ? 1 : 0; // ends, since nobody sends any more
                }
            }
            boolean missing = ends.stream().anyMatch(end -> !end.checker().missing().isEmpty());
            quietRounds = came == 0 && !missing ? quietRounds + 1 : 0;
            if (came == 0 && missing) {
                repeat();
                skip(round);
            }
        }
    }

    private void skip(int round) {
        if (round >= PATIENT_ROUNDS && round % PATIENT_ROUNDS == 0) {
            try {
                world.clock().forward(world.endpoint(), SKIP);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public List<String> violations() {
        List<String> all = new ArrayList<>();
        int most = 0;
        for (End end : ends) {
            end.checker().violations().forEach(text -> all.add(end.name() + ": " + text));
            most = Math.max(most, end.checker().receivedCount());
        }
        if (most == 0) {
            all.add("nothing ever came: the flow was not tested");
        }
        return all;
    }
}
