package io.millrace.service.sqs;

import io.millrace.api.sqs.SqsApi;
import io.millrace.delivery.QueueSource;
import io.millrace.delivery.Renderings;
import io.millrace.delivery.StoreTarget;
import io.millrace.engine.Store;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.Ids;
import io.millrace.wire.Service;

import java.time.InstantSource;

/// Amazon SQS: its operations, its queues as targets of other services, and its background work.
/// Thread-safe.
public final class Sqs implements AutoCloseable {

    private final Service service;
    private final StoreTarget target;
    private final QueueSource source;
    private final Cleanup cleanup;
    private final Backlogs backlogs;
    private final Waiters waiters;
    private final MoveWorker moves;

    /// @param renderings makes the texts that other services left to be made
    /// @param keys those that queues may be encrypted with
    /// @param strict whether AWS's rules hold that only annoy in development: a queue can be purged
    ///   once a minute, the name of a deleted queue is refused for a minute, and services put
    ///   nothing into a queue without a policy that lets them in
    public Sqs(
            Store store,
            InstantSource clock,
            Ids ids,
            Renderings renderings,
            CustomerKeys keys,
            boolean strict) {
        QueueEncryption encryption = new QueueEncryption(keys);
        Ordinals ordinals = new Ordinals();
        this.backlogs = new Backlogs(store);
        Receipts receipts = new Receipts(ordinals, backlogs);
        this.waiters = new Waiters(store, clock, renderings, backlogs);
        Enqueue enqueue = new Enqueue(ordinals, waiters);
        Receiver receiver =
                new Receiver(store, clock, ordinals, enqueue, receipts, backlogs, waiters);
        QueueTags tags = new QueueTags(store);
        this.target = new SqsTarget(clock, ids, enqueue, encryption, strict);
        this.source = new SqsSource(store, clock, receiver, receipts, renderings);
        this.cleanup = new Cleanup(store, clock, ordinals);
        this.moves = new MoveWorker(store, clock, ids, ordinals, enqueue, renderings);
        StartMessageMoveTask startMoves = new StartMessageMoveTask(store, clock, ids);
        MessagesPage messages = new MessagesPage(store, clock, renderings);
        this.service =
                Service.of(SqsApi.MODEL, SqsLimits.BODY_BYTES_MAX, SqsErrors::violations)
                        .resources(new QueueResources(store))
                        .handle(SqsApi.CREATE_QUEUE, new CreateQueue(store, clock, ids, strict))
                        .handle(
                                SqsApi.DELETE_QUEUE,
                                new DeleteQueue(store, clock, backlogs, strict))
                        .handle(SqsApi.GET_QUEUE_URL, new GetQueueUrl(store))
                        .handle(SqsApi.LIST_QUEUES, new ListQueues(store))
                        .handle(SqsApi.PURGE_QUEUE, new PurgeQueue(store, clock, strict))
                        .handle(SqsApi.GET_QUEUE_ATTRIBUTES, new GetQueueAttributes(store, clock))
                        .handle(SqsApi.SET_QUEUE_ATTRIBUTES, new SetQueueAttributes(store, clock))
                        .handle(SqsApi.ADD_PERMISSION, new AddPermission(store, clock))
                        .handle(SqsApi.REMOVE_PERMISSION, new RemovePermission(store, clock))
                        .handle(SqsApi.TAG_QUEUE, tags::tag)
                        .handle(SqsApi.UNTAG_QUEUE, tags::untag)
                        .handle(SqsApi.LIST_QUEUE_TAGS, tags::list)
                        .handle(
                                SqsApi.LIST_DEAD_LETTER_SOURCE_QUEUES,
                                new ListDeadLetterSourceQueues(store))
                        .handle(
                                SqsApi.SEND_MESSAGE,
                                new SendMessage(store, clock, ids, enqueue, encryption))
                        .handle(
                                SqsApi.SEND_MESSAGE_BATCH,
                                new SendMessageBatch(store, clock, ids, enqueue, encryption))
                        .handle(
                                SqsApi.RECEIVE_MESSAGE,
                                new ReceiveMessage(store, receiver, renderings, encryption))
                        .handle(SqsApi.DELETE_MESSAGE, new DeleteMessage(store, clock, receipts))
                        .handle(
                                SqsApi.DELETE_MESSAGE_BATCH,
                                new DeleteMessageBatch(store, clock, receipts))
                        .handle(
                                SqsApi.CHANGE_MESSAGE_VISIBILITY,
                                new ChangeMessageVisibility(store, clock, receipts))
                        .handle(
                                SqsApi.CHANGE_MESSAGE_VISIBILITY_BATCH,
                                new ChangeMessageVisibilityBatch(store, clock, receipts))
                        .handle(SqsApi.START_MESSAGE_MOVE_TASK, startMoves)
                        .handle(SqsApi.CANCEL_MESSAGE_MOVE_TASK, new CancelMessageMoveTask(store))
                        .handle(SqsApi.LIST_MESSAGE_MOVE_TASKS, new ListMessageMoveTasks(store))
                        .page(messages.page())
                        .page(messages.pageByPath())
                        .page(new Inspection(store, clock, renderings).page())
                        .page(new RedrivePage(store, clock, renderings, startMoves).page())
                        .errorNamespace("com.amazonaws.sqs")
                        .throttlingError(SqsApi.Errors.REQUEST_THROTTLED)
                        .pathParameter("QueueUrl", SqsApi.CREATE_QUEUE, SqsApi.LIST_QUEUES)
                        .queryMessages(SqsErrors::inQuery)
                        .build();
    }

    public Service service() {
        return service;
    }

    /// Delivers to queues by their ARNs, for the service name `sqs`.
    public StoreTarget target() {
        return target;
    }

    /// Queues as other services receive from them.
    public QueueSource source() {
        return source;
    }

    /// Begins the background work: the cleanup, and move tasks.
    public void start() {
        cleanup.start();
        moves.start();
    }

    /// Lets long polls that wait for a time look at the clock again.
    public void clockMoved() {
        waiters.ring();
    }

    /// Ends the background work, and sends home the long polls that wait.
    @Override
    public void close() {
        waiters.close();
        moves.close();
        cleanup.close();
        backlogs.close();
    }

    /// For tests: whether a long poll waits.
    boolean hasWaiters() {
        return waiterCount() > 0;
    }

    /// For tests: how many long polls wait.
    int waiterCount() {
        return waiters.count();
    }

    /// For tests: of how many queues something is kept in memory.
    int keptCount() {
        return backlogs.count() + cleanup.keptCount();
    }

    /// For tests: does a page of each move task that may go on.
    void moveMessages() {
        moves.pass();
    }

    /// For tests: cleans up now.
    void cleanUp() {
        cleanup.sweep();
    }
}
