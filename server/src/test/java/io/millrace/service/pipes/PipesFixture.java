package io.millrace.service.pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.pipes.CreatePipeRequest;
import io.millrace.api.pipes.DeletePipeRequest;
import io.millrace.api.pipes.DescribePipeRequest;
import io.millrace.api.pipes.DescribePipeResponse;
import io.millrace.api.pipes.Filter;
import io.millrace.api.pipes.FilterCriteria;
import io.millrace.api.pipes.PipeSourceParameters;
import io.millrace.api.pipes.PipesApi;
import io.millrace.api.pipes.StartPipeRequest;
import io.millrace.api.pipes.StopPipeRequest;
import io.millrace.api.sqs.CreateQueueRequest;
import io.millrace.api.sqs.DeleteMessageRequest;
import io.millrace.api.sqs.DeleteQueueRequest;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.ReceiveMessageRequest;
import io.millrace.api.sqs.SendMessageRequest;
import io.millrace.api.sqs.SqsApi;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.RemoteTarget;
import io.millrace.delivery.RemoteTargets;
import io.millrace.delivery.Renderings;
import io.millrace.delivery.StoreTarget;
import io.millrace.delivery.Targets;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.secret.CustomerKeys;
import io.millrace.service.dynamodb.DynamoDb;
import io.millrace.service.dynamodb.DynamoDbFixture;
import io.millrace.service.sqs.Sqs;
import io.millrace.stream.StreamOptions;
import io.millrace.trace.Trace;
import io.millrace.wire.Caller;
import io.millrace.wire.ExecutionRoles;
import io.millrace.wire.Ids;
import io.millrace.wire.LocalCalls;
import io.millrace.wire.Operation;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Pipes over a store in memory with real queues, tables and buses, and a destination that answers
/// what it is told to; step by step, on the test's thread and a clock that stands still.
final class PipesFixture {
    static final String ROLE = "arn:aws:iam::000000000000:role/pipe";
    static final String DESTINATION =
            "arn:aws:events:us-east-1:000000000000:api-destination/enricher/1234";
    static final Caller CALLER =
            new Caller(
                    "000000000000",
                    "us-east-1",
                    "arn:aws:iam::000000000000:root",
                    "AIDAEXAMPLE",
                    "request",
                    "http://localhost:4566");

    final DynamoDbFixture db = DynamoDbFixture.inMemory();
    final Store store = db.store();
    final List<RemoteTarget.Call> calls = new ArrayList<>();
    final Deque<RemoteTarget.Reply> replies = new ArrayDeque<>();
    final Set<String> refusing = new HashSet<>();
    boolean echoing;
    final AtomicInteger faults = new AtomicInteger(); // of ours, in the next calls
    final Sqs sqs;
    Pipes pipes;
    private final Ids ids = new Ids(new Random(1));
    private Turns turns;

    PipesFixture() {
        this.sqs =
                new Sqs(store, db.clock(), ids, new Renderings(Map.of()), CustomerKeys.ANY, false);
        this.pipes = pipes("first");
        this.turns = new Turns(pipes.steps(), "first");
    }

    Pipes pipes(String server) {
        return new Pipes(
                store,
                db.clock(),
                ids,
                new Random(2),
                new Pipes.Sources(sqs.source(), StreamOptions.DEFAULT, DynamoDb.images()),
                new Pipes.Destinations(
                        new Targets(Map.of("sqs", sqs.target(), "logs", this::onLog)),
                        this::onBus,
                        new RemoteTargets(Map.of("events:api-destination", this::answer)),
                        CustomerKeys.ANY),
                new Pipes.Permissions(ExecutionRoles.UNCHECKED, new LocalCalls(), "http://x"),
                Trace.NONE,
                server);
    }

    /// A new process on the same store; what was in memory is gone.
    void restart() {
        this.pipes = pipes("first");
        this.turns = new Turns(pipes.steps(), "first");
    }

    /// Events on the bus `b` come to the queue `b`, by their source, type, resources and detail.
    private StoreTarget.Outcome onBus(
            Transaction tx,
            Arn bus,
            EventBuses.Event event,
            String senderId,
            @Nullable String sourceArn) {
        if (!PipeJson.isDocument(event.detail())) {
            return new StoreTarget.Outcome.Refused("INVALID_PARAMETER", "Detail is malformed.");
        }
        String queue = bus.resource().substring("event-bus/".length());
        return sqs.target()
                .deliver(
                        tx,
                        Arn.of("sqs", bus.region(), bus.accountId(), queue),
                        io.millrace.delivery.Message.of(
                                String.join(
                                        "|",
                                        event.source(),
                                        event.detailType(),
                                        String.valueOf(event.resources()),
                                        String.valueOf(event.time()),
                                        event.detail()),
                                senderId));
    }

    /// Records of the log group `/aws/vendedlogs/pipes/g` come to the queue `g`, by stream, time
    /// and text.
    private StoreTarget.Outcome onLog(
            Transaction tx, Arn log, io.millrace.delivery.Message message) {
        String[] parts = log.resource().split(":log-stream:", 2);
        io.millrace.delivery.Message.Attribute time = message.attributes().get("Timestamp");
        return sqs.target()
                .deliver(
                        tx,
                        Arn.of(
                                "sqs",
                                log.region(),
                                log.accountId(),
                                parts[0].substring(parts[0].lastIndexOf('/') + 1)),
                        io.millrace.delivery.Message.of(
                                (parts.length > 1 ? parts[1] : "")
                                        + "|"
                                        + (time == null ? "" : time.stringValue())
                                        + "|"
                                        + message.body(),
                                message.senderId()));
    }

    private RemoteTarget.Reply answer(Arn target, RemoteTarget.Call call) {
        calls.add(call);
        if (faults.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
            throw new InternalError("planted");
        }
        if (refusing.stream().anyMatch(call.body()::contains)) {
            return new RemoteTarget.Reply.Refused("CLIENT_ERROR", "refused", false, null);
        }
        if (echoing) {
            return new RemoteTarget.Reply.Answered(200, call.body());
        }
        RemoteTarget.Reply next = replies.poll();
        return next == null ? new RemoteTarget.Reply.Answered(200, "") : next;
    }

    /// The pipes of one server, one batch at a time.
    final class Turns {
        private final PipeSteps steps;
        private final Leases leases;
        private final Map<Long, Run> runs = new HashMap<>();
        private final Map<Long, Map<Integer, Lane>> lanes = new HashMap<>();

        Turns(PipeSteps steps, String server) {
            this.steps = steps;
            this.leases = new Leases(store, db.clock(), server);
        }

        /// A batch of each lane of each pipe; whether there was any.
        boolean turn() {
            boolean moved = false;
            for (StoredPipe pipe : store.read(tx -> StoredPipes.atWork(tx, Set.of()))) {
                Run run = run(pipe);
                moved |= run != null && turn(run);
            }
            return moved;
        }

        @Nullable Run run(StoredPipe pipe) {
            Run run = runs.get(pipe.number());
            Leases.Lease lease = run == null ? leases.take(pipe.number()) : run.lease();
            StoredPipe settled = lease == null ? null : steps.settle(pipe, lease);
            if (settled == null || settled.currentState() != PipeState.RUNNING) {
                end(pipe.number());
                return null;
            }
            if (run == null || run.pipe().generation() != settled.generation()) {
                end(pipe.number());
                run = steps.run(settled, Objects.requireNonNull(lease));
                runs.put(pipe.number(), run);
            }
            return run;
        }

        private void end(long pipe) {
            runs.remove(pipe);
            Map<Integer, Lane> ended = lanes.remove(pipe);
            if (ended != null) {
                ended.values().forEach(Lane::close);
            }
        }

        private boolean turn(Run run) {
            Source source = steps.source(run.pipe());
            Map<Integer, Lane> open =
                    lanes.computeIfAbsent(run.pipe().number(), _ -> new HashMap<>());
            boolean moved = false;
            for (int number : source.lanes(run)) {
                Lane lane = open.computeIfAbsent(number, n -> source.lane(run, n));
                try {
                    moved |= lane.turn(Duration.ZERO);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return moved;
        }
    }

    /// Moves whatever can be moved now.
    void settle() {
        for (int i = 0; i < 1000 && turns.turn(); i++) { // ends when nothing moves
        }
    }

    /// One batch of each lane.
    boolean turn() {
        return turns.turn();
    }

    <I extends Shape, O extends Shape> O call(OperationModel<I, O> operation, I request) {
        return call(pipes.service(), operation, request);
    }

    <I extends Shape, O extends Shape> ServiceException refused(
            OperationModel<I, O> operation, I request) {
        ServiceException refusal =
                catchThrowableOfType(ServiceException.class, () -> call(operation, request));
        assertThat(refusal).as("refusal of " + operation.name()).isNotNull();
        return refusal;
    }

    static <I extends Shape, O extends Shape> O call(
            Service service, OperationModel<I, O> operation, I request) {
        Operation<I, O> handler =
                Objects.requireNonNull(service.operation(operation), operation.name());
        return handler.handle(CALLER.calling(operation.name()), request);
    }

    static CreatePipeRequest.Builder pipe(String name, String source, String target) {
        return CreatePipeRequest.builder().name(name).roleArn(ROLE).source(source).target(target);
    }

    static PipeSourceParameters filtered(String... patterns) {
        return PipeSourceParameters.builder()
                .filterCriteria(
                        new FilterCriteria(List.of(patterns).stream().map(Filter::new).toList()))
                .build();
    }

    void create(CreatePipeRequest.Builder pipe) {
        call(PipesApi.CREATE_PIPE, pipe.build());
    }

    DescribePipeResponse describe(String name) {
        return call(PipesApi.DESCRIBE_PIPE, new DescribePipeRequest(name));
    }

    void stop(String name) {
        call(PipesApi.STOP_PIPE, new StopPipeRequest(name));
        settle();
    }

    void start(String name) {
        call(PipesApi.START_PIPE, new StartPipeRequest(name));
    }

    void delete(String name) {
        call(PipesApi.DELETE_PIPE, new DeletePipeRequest(name));
    }

    /// Makes a queue, FIFO when its name says so; its ARN.
    String queue(String name) {
        return queue(name, Map.of());
    }

    String queue(String name, Map<String, String> more) {
        Map<String, String> attributes = new HashMap<>(more);
        if (name.endsWith(".fifo")) {
            attributes.put("FifoQueue", "true");
        }
        call(
                sqs.service(),
                SqsApi.CREATE_QUEUE,
                CreateQueueRequest.builder().queueName(name).attributes(attributes).build());
        return "arn:aws:sqs:us-east-1:000000000000:" + name;
    }

    void deleteQueue(String name) {
        call(sqs.service(), SqsApi.DELETE_QUEUE, new DeleteQueueRequest(name));
    }

    void send(String queue, String... bodies) {
        for (String body : bodies) {
            call(
                    sqs.service(),
                    SqsApi.SEND_MESSAGE,
                    SendMessageRequest.builder().queueUrl(queue).messageBody(body).build());
        }
    }

    void sendTo(String queue, String group, String... bodies) {
        for (String body : bodies) {
            call(
                    sqs.service(),
                    SqsApi.SEND_MESSAGE,
                    SendMessageRequest.builder()
                            .queueUrl(queue)
                            .messageGroupId(group)
                            .messageDeduplicationId(body)
                            .messageBody(body)
                            .build());
        }
    }

    /// Takes all messages that are visible out of a queue; their bodies.
    List<String> take(String queue) {
        List<String> bodies = new ArrayList<>();
        while (true) { // ends when nothing is visible
            List<Message> messages =
                    call(
                                    sqs.service(),
                                    SqsApi.RECEIVE_MESSAGE,
                                    ReceiveMessageRequest.builder()
                                            .queueUrl(queue)
                                            .maxNumberOfMessages(10)
                                            .build())
                            .messages();
            if (messages == null) {
                return bodies;
            }
            for (Message message : messages) {
                bodies.add(String.valueOf(message.body()));
                call(
                        sqs.service(),
                        SqsApi.DELETE_MESSAGE,
                        new DeleteMessageRequest(queue, String.valueOf(message.receiptHandle())));
            }
        }
    }

    /// Waits for the next message of a queue, and takes it out; its body.
    String await(String queue) {
        List<Message> messages =
                call(
                                sqs.service(),
                                SqsApi.RECEIVE_MESSAGE,
                                ReceiveMessageRequest.builder()
                                        .queueUrl(queue)
                                        .waitTimeSeconds(20)
                                        .build())
                        .messages();
        Message message = Objects.requireNonNull(messages).getFirst();
        call(
                sqs.service(),
                SqsApi.DELETE_MESSAGE,
                new DeleteMessageRequest(queue, String.valueOf(message.receiptHandle())));
        return String.valueOf(message.body());
    }

    /// Makes a table with a stream; the stream's ARN.
    String table(String name) {
        db.createTable(
                name,
                "N",
                "'StreamSpecification': {'StreamEnabled': true, 'StreamViewType':"
                        + " 'NEW_AND_OLD_IMAGES'},");
        return db.call("DescribeTable", "{'TableName': '" + name + "'}")
                .get("Table")
                .get("LatestStreamArn")
                .stringValue();
    }
}
