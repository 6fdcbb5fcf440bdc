package io.millrace.delivery;

import io.millrace.delivery.DeliveryKeys.Due;
import io.millrace.delivery.DeliveryKeys.FailedId;
import io.millrace.delivery.DeliveryKeys.JobId;
import io.millrace.delivery.DeliveryKeys.Lane;
import io.millrace.delivery.JobHandler.Attempt;
import io.millrace.delivery.JobHandler.Exhausted;
import io.millrace.delivery.JobHandler.GivenUp;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// What is owed to targets outside the store, durably.
///
/// [#add] is part of the sender's transaction; [OutboxWorkers] carries it out. A job leaves the
/// outbox in the transaction that follows its delivery, or that puts it into its dead-letter queue;
/// a crash before that delivers it once more. Thread-safe.
public final class Outbox {

    /// @param attemptCount the attempts that failed
    /// @param firstDueMillis when the job was first due, from which its age counts
    /// @param notBeforeMillis until when its retry waits, in an ordered lane, where its entry does
    ///   not say it; null for until it is the first
    record State(int attemptCount, long firstDueMillis, @Nullable Long notBeforeMillis) {

        State(int attemptCount, long firstDueMillis) {
            this(attemptCount, firstDueMillis, null);
        }
    }

    /// What became of a job whose attempt failed; one that ended meanwhile goes on elsewhere.
    private enum AfterFailure {
        GOES_ON,
        DEAD_LETTER,
        FAILED
    }

    /// A job that is due, as a worker takes it.
    record DueJob(Due due, State state, Job job) {}

    private static final ResourceCodec<State> STATES = new ResourceCodec<>(State.class);

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final RandomGenerator random;
    private final Targets targets;
    private final Map<String, JobHandler> handlers;

    /// @param random spreads retries
    /// @param targets where dead letters go
    /// @param handlers by kind of job
    public Outbox(
            Store store,
            InstantSource clock,
            Ids ids,
            RandomGenerator random,
            Targets targets,
            Map<String, JobHandler> handlers) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.random = random;
        this.targets = targets;
        this.handlers = new ConcurrentHashMap<>(handlers);
    }

    /// Adds a handler; before the workers start.
    public void register(String kind, JobHandler handler) {
        if (handlers.putIfAbsent(kind, handler) != null) {
            throw new IllegalStateException("two handlers for jobs of kind " + kind);
        }
    }

    /// Owes `job` from the commit of `transaction` on, due at once.
    public void add(Transaction transaction, Job job) {
        add(transaction, job, null);
    }

    /// As [#add(Transaction, Job)].
    ///
    /// @param shared what the job's payload is, where others have it too
    public void add(Transaction transaction, Job job, @Nullable SharedPayload shared) {
        if (!handlers.containsKey(job.kind())) {
            throw new IllegalStateException("no handler for jobs of kind " + job.kind());
        }
        Lane lane = lane(job);
        long nowMillis = clock.millis();
        long number = number(job);
        KeyWriter key = DeliveryKeys.newJob(lane, number);
        putStamped(transaction, key, job.encode(shared));
        if (shared != null) {
            shared.heldBy(key);
        }
        putStamped(
                transaction,
                DeliveryKeys.newDue(lane, dueMillis(lane, nowMillis), number),
                STATES.encode(new State(0, nowMillis)));
        openLane(transaction, lane, job.target());
    }

    /// Keeps `job` as failed from the commit of `transaction` on, without an attempt: for a sender
    /// that was refused in its own transaction.
    public void addFailed(Transaction transaction, Job job, Attempt.Failed failure) {
        Lane lane = lane(job);
        long number = number(job);
        putStamped(transaction, DeliveryKeys.newJob(lane, number), job.encode(null));
        FailedJobs.keepNew(transaction, lane, number, failure, clock.millis());
    }

    /// The jobs that were given up, the newest first.
    public List<FailedJob> failed(int countMax) {
        List<FailedJob> failed = new ArrayList<>();
        eachFailed(job -> {
            failed.add(job);
            return failed.size() < countMax;
        });
        return failed;
    }

    /// Shows the jobs that were given up, the newest first, one by one, until `wantsMore` is false.
    void eachFailed(Predicate<FailedJob> wantsMore) {
        store.<@Nullable Void>read(snapshot -> {
            byte[] from = DeliveryKeys.failed();
            try (Cursor cursor =
                    snapshot.range(from, Bytes.prefixEnd(from), Snapshot.Direction.BACKWARD)) {
                boolean more = true;
                while (more && cursor.next()) {
                    Job job = job(snapshot, DeliveryKeys.readFailed(cursor.key()).job());
                    more = wantsMore.test(FailedJobs.read(cursor.key(), cursor.value(), job));
                }
            }
            return null;
        });
    }

    /// Owes a failed job again, with all its attempts; false when it is no longer there.
    public boolean redrive(String id) {
        byte[] key = Base64.getUrlDecoder().decode(id);
        FailedId failed = DeliveryKeys.readFailed(key);
        return store.write(tx -> {
            if (tx.get(key) == null) {
                return false;
            }
            tx.delete(key);
            tx.add(DeliveryKeys.failedCount(), -1);
            long nowMillis = clock.millis();
            tx.put(
                    DeliveryKeys.due(
                            new Due(failed.job(), dueMillis(failed.job().lane(), nowMillis))),
                    STATES.encode(new State(0, nowMillis)));
            Lane lane = failed.job().lane();
            openLane(tx, lane, job(tx, failed.job()).target());
            return true;
        });
    }

    static Lane lane(Job job) {
        Job.Order order = job.order();
        if (order == null) {
            return lane(job.target());
        }
        Lane lane = lane(job.target() + '\0' + order.key());
        return new Lane(DeliveryKeys.SHARD_COUNT + lane.shard(), lane.hash());
    }

    /// Tells the jobs of one transaction apart, and puts those that have an order into it.
    private long number(Job job) {
        Job.Order order = job.order();
        long random = ids.number();
        return order == null
                ? random
                : (long) order.sequence() << Integer.SIZE | random >>> Integer.SIZE;
    }

    private static long dueMillis(Lane lane, long millis) {
        return lane.isOrdered() ? 0 : millis;
    }

    static Lane lane(String target) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(target.getBytes(StandardCharsets.UTF_8));
            return new Lane(
                    Math.floorMod(hash[Long.BYTES], DeliveryKeys.SHARD_COUNT),
                    Bytes.readLong(hash, 0));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    Store store() {
        return store;
    }

    InstantSource clock() {
        return clock;
    }

    /// The lanes of a shard that may hold jobs.
    List<Lane> lanes(int shard) {
        return store.read(snapshot -> {
            List<Lane> lanes = new ArrayList<>();
            try (Cursor cursor = snapshot.prefix(DeliveryKeys.lanes(shard))) {
                while (cursor.next()) {
                    lanes.add(DeliveryKeys.readLane(cursor.key()));
                }
            }
            return lanes;
        });
    }

    /// The first entries of a lane from `fromMillis` on, due or not, in order.
    List<Due> next(Lane lane, long fromMillis, int countMax) {
        return store.read(snapshot -> {
            List<Due> next = new ArrayList<>();
            try (Cursor cursor =
                    snapshot.range(
                            DeliveryKeys.duesFrom(lane, fromMillis),
                            Bytes.prefixEnd(DeliveryKeys.dues(lane)),
                            Snapshot.Direction.FORWARD)) {
                while (next.size() < countMax && cursor.next()) {
                    next.add(DeliveryKeys.readDue(cursor.key()));
                }
            }
            return next;
        });
    }

    /// The first entry of an ordered lane at `from` or behind it; empty when there is none.
    ///
    /// @param from null for the start
    Optional<Due> first(Lane lane, @Nullable Due from) {
        return store.read(snapshot -> {
            byte[] start = from == null ? DeliveryKeys.dues(lane) : DeliveryKeys.due(from);
            byte[] end = Bytes.prefixEnd(DeliveryKeys.dues(lane));
            try (Cursor cursor = snapshot.range(start, end, Snapshot.Direction.FORWARD)) {
                return cursor.next()
                        ? Optional.of(DeliveryKeys.readDue(cursor.key()))
                        : Optional.empty();
            }
        });
    }

    /// The job behind an entry; empty when it has ended meanwhile.
    Optional<DueJob> load(Due due) {
        return store.read(snapshot -> {
            byte[] state = snapshot.get(DeliveryKeys.due(due));
            return state == null
                    ? Optional.empty()
                    : Optional.of(new DueJob(due, STATES.decode(state), job(snapshot, due.job())));
        });
    }

    /// How the job behind an entry stands, without the job; empty when it has ended meanwhile.
    Optional<State> state(Due due) {
        return store.read(snapshot ->
                Optional.ofNullable(STATES.decodeOrNull(snapshot.get(DeliveryKeys.due(due)))));
    }

    /// Tries once. Outside of any transaction.
    Attempt attempt(DueJob dueJob) throws InterruptedException {
        JobHandler handler = handlers.get(dueJob.job.kind());
        if (handler == null) {
            return new Attempt.Failed("NO_HANDLER", "No handler for this kind.", true);
        }
        try {
            return handler.attempt(dueJob.job, dueJob.state.attemptCount + 1);
        } catch (RuntimeException | Error e) {
            return internal(e);
        }
    }

    private static Attempt.Failed internal(Throwable fault) {
        return new Attempt.Failed("INTERNAL_ERROR", String.valueOf(fault), true);
    }

    /// Writes down how an attempt ended: the job is done, due again, a dead letter, or failed.
    void settle(DueJob dueJob, Attempt attempt) {
        switch (attempt) {
            case Attempt.Delivered _ -> {
                store.<@Nullable Void>write(tx -> {
                    remove(tx, dueJob.due);
                    return null;
                });
                ended(dueJob, attempt, false);
            }
            case Attempt.Failed failed -> {
                switch (retryOrEnd(dueJob, failed)) {
                    case GOES_ON -> {}
                    case DEAD_LETTER -> ended(dueJob, failed, true);
                    case FAILED -> ended(dueJob, failed, false);
                }
            }
        }
    }

    private void ended(DueJob dueJob, Attempt last, boolean isDeadLetter) {
        JobHandler handler = handlers.get(dueJob.job.kind());
        if (handler != null) {
            handler.ended(
                    dueJob.job,
                    new JobHandler.Ending(last, dueJob.state.attemptCount + 1, isDeadLetter));
        }
    }

    /// Lets a job wait whose attempt could not be settled, by our own fault, as its policy says; at
    /// last it is kept as failed.
    void settleFault(DueJob dueJob, Throwable fault, Duration pause) {
        long nowMillis = clock.millis();
        Optional<Duration> delay = delay(dueJob, pause, nowMillis);
        store.write(tx -> {
            if (tx.get(DeliveryKeys.due(dueJob.due)) == null) {
                return dueJob; // it has ended meanwhile
            }
            if (delay.isPresent()) {
                retry(tx, dueJob, nowMillis + delay.get().toMillis(), nowMillis);
            } else {
                keepFailed(tx, dueJob.due, internal(fault), nowMillis);
            }
            return dueJob;
        });
    }

    /// Lets a job wait that could not be loaded, by our own fault; others need not, where the lane
    /// has no order.
    void postpone(Due due, Duration pause) {
        byte[] key = DeliveryKeys.due(due);
        long laterMillis = clock.millis() + pause.toMillis();
        store.write(tx -> {
            byte[] state = tx.get(key);
            if (state != null && due.job().lane().isOrdered()) {
                State old = STATES.decode(state);
                State later = new State(old.attemptCount, old.firstDueMillis, laterMillis);
                tx.put(key, STATES.encode(later));
            } else if (state != null) { // else it has ended meanwhile
                tx.delete(key);
                tx.put(DeliveryKeys.due(new Due(due.job(), laterMillis)), state);
            }
            return due;
        });
    }

    /// Forgets an empty lane; false when it holds jobs.
    boolean close(Lane lane) {
        return store.write(tx -> {
            try (Cursor cursor = tx.prefix(DeliveryKeys.dues(lane))) {
                if (cursor.next()) {
                    return false;
                }
            }
            tx.delete(DeliveryKeys.lane(lane));
            return true;
        });
    }

    private AfterFailure retryOrEnd(DueJob dueJob, Attempt.Failed failure) {
        long nowMillis = clock.millis();
        State state = dueJob.state;
        int attemptCount = state.attemptCount + 1;
        RetryPolicy policy = dueJob.job.policy();
        Optional<Duration> delay =
                failure.retryable()
                        ? delay(dueJob, failure.retryAfter(), nowMillis)
                        : Optional.empty();
        GivenUp givenUp =
                new GivenUp(failure, attemptCount, exhausted(policy, failure, attemptCount));
        return store.write(tx -> {
            if (tx.get(DeliveryKeys.due(dueJob.due)) == null) {
                return AfterFailure.GOES_ON;
            }
            if (delay.isPresent()) {
                long dueMillis = nowMillis + delay.get().toMillis();
                retry(tx, dueJob, dueMillis, nowMillis);
                return AfterFailure.GOES_ON;
            }
            if (deadLetter(tx, dueJob.job, givenUp)) {
                remove(tx, dueJob.due);
                return AfterFailure.DEAD_LETTER;
            }
            keepFailed(tx, dueJob.due, failure, nowMillis);
            return AfterFailure.FAILED;
        });
    }

    private Optional<Duration> delay(DueJob dueJob, @Nullable Duration atLeast, long nowMillis) {
        State state = dueJob.state;
        boolean isFirst = state.attemptCount == 0 && dueJob.due.job().lane().isOrdered();
        long ageMillis = isFirst ? 0 : nowMillis - state.firstDueMillis;
        return dueJob.job.policy().delay(state.attemptCount + 1, ageMillis, atLeast, random);
    }

    private static @Nullable Exhausted exhausted(
            RetryPolicy policy, Attempt.Failed failure, int attemptCount) {
        if (!failure.retryable()) {
            return null;
        }
        return policy.hasRetry(attemptCount) ? Exhausted.AGE : Exhausted.ATTEMPTS;
    }

    /// In an ordered lane the entry stays where it is, before those behind it, and the age of a job
    /// counts from its first attempt: it may have waited for others.
    private static void retry(Transaction tx, DueJob dueJob, long dueMillis, long nowMillis) {
        Due due = dueJob.due;
        State state = dueJob.state;
        int attemptCount = state.attemptCount + 1;
        if (due.job().lane().isOrdered()) {
            long firstMillis = state.attemptCount == 0 ? nowMillis : state.firstDueMillis;
            tx.put(
                    DeliveryKeys.due(due),
                    STATES.encode(new State(attemptCount, firstMillis, dueMillis)));
            return;
        }
        tx.delete(DeliveryKeys.due(due));
        tx.put(
                DeliveryKeys.due(new Due(due.job(), dueMillis)),
                STATES.encode(new State(attemptCount, state.firstDueMillis)));
    }

    private boolean deadLetter(Transaction tx, Job job, GivenUp givenUp) {
        JobHandler handler = handlers.get(job.kind());
        Arn deadLetterQueue =
                job.deadLetterArn() == null ? null : Arn.parse(job.deadLetterArn()).orElse(null);
        return handler != null
                && deadLetterQueue != null
                && targets.deliver(tx, deadLetterQueue, handler.deadLetter(job, givenUp))
                        instanceof StoreTarget.Outcome.Delivered;
    }

    private static void remove(Transaction tx, Due due) {
        tx.delete(DeliveryKeys.due(due));
        tx.delete(DeliveryKeys.job(due.job()));
    }

    private static void keepFailed(
            Transaction tx, Due due, Attempt.Failed failure, long nowMillis) {
        tx.delete(DeliveryKeys.due(due));
        FailedJobs.keep(tx, due.job(), failure, nowMillis);
    }

    private static Job job(Snapshot snapshot, JobId id) {
        byte[] bytes = snapshot.get(DeliveryKeys.job(id));
        if (bytes == null) {
            throw new IllegalStateException("an entry of the outbox without its job: " + id);
        }
        return Job.decode(snapshot, id.stamp(), bytes);
    }

    /// Reading first keeps busy senders from conflicting, and from waking the shard's dispatcher.
    private static void openLane(Transaction tx, Lane lane, String target) {
        byte[] key = DeliveryKeys.lane(lane);
        if (tx.get(key) == null) {
            tx.put(key, target.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void putStamped(Transaction tx, KeyWriter key, byte[] value) {
        tx.putStamped(key.toBytes(), key.stampOffset(), value, Transaction.NO_STAMP);
    }
}
