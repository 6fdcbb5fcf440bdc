package io.millrace.service.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.OperationModel;
import io.millrace.api.Shape;
import io.millrace.api.scheduler.CreateScheduleInput;
import io.millrace.api.scheduler.DeadLetterConfig;
import io.millrace.api.scheduler.FlexibleTimeWindow;
import io.millrace.api.scheduler.RetryPolicy;
import io.millrace.api.scheduler.SchedulerApi;
import io.millrace.api.scheduler.Target;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.FailedJob;
import io.millrace.delivery.Message;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.OutboxSteps;
import io.millrace.delivery.RemoteTarget;
import io.millrace.delivery.RemoteTargets;
import io.millrace.delivery.StoreTarget;
import io.millrace.delivery.Targets;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.secret.CustomerKeys;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Authorizer;
import io.millrace.wire.CallObserver;
import io.millrace.wire.Caller;
import io.millrace.wire.ExecutionRoles;
import io.millrace.wire.Ids;
import io.millrace.wire.LocalCalls;
import io.millrace.wire.Operation;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// Scheduler over a store in memory, with queues and buses that record in the store, a remote
/// target and a service whose calls are recorded, and short forms of requests.
final class SchedulerFixture {
    static final String ROLE = "arn:aws:iam::000000000000:role/scheduler";
    static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:queue";
    static final String DEAD = "arn:aws:sqs:us-east-1:000000000000:dead";
    static final String BUS = "arn:aws:events:us-east-1:000000000000:event-bus/default";
    static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f";

    private static final byte[] SENT = {0x7f};

    /// What a target in the store got.
    record Sent(String target, Message message) {}

    final Store store;
    final Caller caller;
    final List<String> called = new ArrayList<>();
    private Outbox outbox;
    Instant now = Instant.parse("2026-03-04T05:06:07Z");
    RemoteTarget.Reply reply = new RemoteTarget.Reply.Answered(200, "");
    private final ResourceCodec<Sent> codec = new ResourceCodec<>(Sent.class);
    private final LocalCalls calls = new LocalCalls();
    private Scheduler scheduler;

    SchedulerFixture() {
        this(new MemoryStore());
    }

    SchedulerFixture(Store store) {
        this.store = store;
        String root = "arn:aws:iam::000000000000:root";
        this.caller =
                new Caller("000000000000", "us-east-1", root, "000000000000", "r", "http://x");
        this.outbox = outbox();
        this.scheduler = start();
    }

    /// A new process on the same store.
    void restart() {
        outbox = outbox();
        scheduler = start();
    }

    private Outbox outbox() {
        return new Outbox(
                store,
                () -> now,
                new Ids(new Random(5)),
                new Random(6),
                new Targets(Map.of("sqs", this::deliver)),
                Map.of());
    }

    private Scheduler start() {
        Scheduler started =
                new Scheduler(
                        store,
                        () -> now,
                        new Ids(new Random(1)),
                        new Random(1),
                        outbox,
                        new Scheduler.Reach(
                                new Targets(Map.of("sqs", this::deliver)),
                                this::put,
                                new RemoteTargets(Map.of("lambda:function", this::call)),
                                calls,
                                ExecutionRoles.UNCHECKED,
                                "http://localhost:4566",
                                CustomerKeys.ANY));
        outbox.register(Scheduler.JOBS, started.handler());
        return started;
    }

    void bind(Service... services) {
        calls.bind(List.of(services), Authorizer.NONE, CallObserver.NONE);
    }

    private StoreTarget.Outcome deliver(Transaction tx, Arn target, Message message) {
        if (target.resource().startsWith("missing")) {
            return new StoreTarget.Outcome.Refused(
                    "AWS.SimpleQueueService.NonExistentQueue", "The queue does not exist.");
        }
        record(tx, target.toString(), message);
        return new StoreTarget.Outcome.Delivered("id");
    }

    private StoreTarget.Outcome put(
            Transaction tx,
            Arn bus,
            EventBuses.Event event,
            String senderId,
            @Nullable String sourceArn) {
        String text = event.source() + " " + event.detailType() + " " + event.detail();
        record(tx, bus.toString(), Message.of(text + " " + event.resources(), senderId));
        return new StoreTarget.Outcome.Delivered("id");
    }

    private void record(Transaction tx, String target, Message message) {
        byte[] key = new byte[17];
        key[0] = SENT[0];
        Bytes.writeLong(key, 9, Objects.hash(target, message.body()));
        tx.putStamped(key, 1, codec.encode(new Sent(target, message)), Transaction.NO_STAMP);
    }

    private RemoteTarget.Reply call(Arn target, RemoteTarget.Call call) {
        called.add(target + " " + call.body());
        return reply;
    }

    List<Sent> sent() {
        return store.read(snapshot -> {
            List<Sent> sent = new ArrayList<>();
            try (Cursor cursor = snapshot.prefix(SENT)) {
                while (cursor.next()) {
                    sent.add(codec.decode(cursor.value()));
                }
            }
            return sent;
        });
    }

    List<String> bodies() {
        return sent().stream().map(sent -> sent.message().body()).toList();
    }

    /// Moves the clock, and runs what is due then; tells how many runs there were.
    int after(String duration) {
        now = now.plus(Duration.parse(duration));
        return scheduler.fireDue();
    }

    int attemptDue() {
        return OutboxSteps.attemptDue(outbox);
    }

    List<FailedJob> failed() {
        return outbox.failed(10);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    <I extends Shape, O extends Shape> O call(OperationModel<I, O> operation, I request) {
        Operation<I, O> handler = Objects.requireNonNull(scheduler.service().operation(operation));
        return handler.handle(caller, request);
    }

    static Target.Builder target(String arn) {
        return Target.builder().arn(arn).roleArn(ROLE);
    }

    static Target.Builder target(String arn, int retries) {
        return target(arn)
                .retryPolicy(RetryPolicy.builder().maximumRetryAttempts(retries).build())
                .deadLetterConfig(DeadLetterConfig.builder().arn(DEAD).build());
    }

    static CreateScheduleInput.Builder schedule(String name, String expression) {
        return CreateScheduleInput.builder()
                .name(name)
                .scheduleExpression(expression)
                .flexibleTimeWindow(FlexibleTimeWindow.builder().mode("OFF").build())
                .target(target(QUEUE).input("{}").build());
    }

    void create(CreateScheduleInput.Builder request) {
        call(SchedulerApi.CREATE_SCHEDULE, request.build());
    }

    static void assertRefused(ThrowingCallable call, String code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        e -> {
                            assertThat(e.message()).isEqualTo(message);
                            assertThat(e.error().code()).isEqualTo(code);
                        });
    }
}
