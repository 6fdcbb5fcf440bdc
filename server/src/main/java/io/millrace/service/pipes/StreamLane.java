package io.millrace.service.pipes;

import io.millrace.api.pipes.PipeSourceDynamoDBStreamParameters;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.log.Log;
import io.millrace.stream.Position;
import io.millrace.stream.StreamLog;
import io.millrace.stream.StreamLog.Entry;
import io.millrace.stream.StreamRecords;
import io.millrace.stream.StreamShard;
import io.millrace.stream.StreamShards;
import io.millrace.stream.TableStream;
import io.millrace.stream.TableStreams;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One shard of a table's stream, strictly in order: what fails holds up what is behind it until it
/// succeeds or is given up.
///
/// The checkpoint moves in the transaction that delivers, where the target is in the store, so that
/// every record gets through exactly once; where the target is called, after the call.
final class StreamLane implements Lane {
    private static final Log LOG = Log.of(StreamLane.class);

    private final Run run;
    private final Store store;
    private final TableStream stream;
    private final int shard;
    private final StreamLog records;
    private final PipeSourceDynamoDBStreamParameters parameters;
    private final String shardId;
    private final GivenUp givenUp;
    private final Bell bell;
    private Checkpoint checkpoint;

    StreamLane(Run run, TableStream stream, int shard) {
        this.run = run;
        this.store = run.parts().store();
        this.stream = stream;
        this.shard = shard;
        this.records = stream.log(shard);
        this.parameters = run.pipe().settings().stream();
        this.shardId = store.read(tx -> shardId(tx, stream, shard));
        this.givenUp = new GivenUp(run, stream, records, shardId);
        this.bell =
                new Bell(List.of(records.watch(store), TableStreams.watchShards(store, stream)));
        Checkpoint found =
                store.<@Nullable Checkpoint>read(tx -> Checkpoint.find(tx, run.pipe(), shard));
        this.checkpoint = found == null ? Checkpoint.OLDEST : found;
    }

    @Override
    public boolean isFinished() {
        return checkpoint.done();
    }

    @Override
    public void leave() {
        bell.ring();
    }

    @Override
    public void clockMoved() {
        bell.ring();
    }

    @Override
    public void close() {
        bell.close();
    }

    @Override
    public boolean turn(Duration patience) throws InterruptedException {
        if (checkpoint.done()) {
            return false;
        }
        long waitMillis = checkpoint.dueMillis() - nowMillis();
        if (waitMillis > 0) {
            bell.await(min(patience, waitMillis));
            return false;
        }
        StreamLog.Page page = page();
        List<Entry> entries = page.entries();
        if (entries.isEmpty()) {
            if (page.next() == null) {
                move(tx -> {}, Checkpoint.end());
                return true;
            }
            bell.await(patience);
            return false;
        }
        long windowLeft = windowEndMillis(entries) - nowMillis();
        if (entries.size() < countMax() && page.next() != null && windowLeft > 0) {
            bell.await(min(patience, windowLeft));
            return false;
        }
        int expired = expiredCount(entries);
        if (expired > 0) {
            giveUpExpired(entries.subList(0, expired));
        } else {
            pass(entries);
        }
        return true;
    }

    private StreamLog.Page page() {
        long oldest = run.parts().streams().oldestMillis(run.parts().clock().instant());
        Position from = checkpoint.position();
        try {
            return store.read(
                    tx -> records.read(tx, from, countMax(), PipesLimits.BATCH_BYTES_MAX, oldest));
        } catch (StreamLog.TrimmedException _) {
            LOG.warning(
                    "Records expired before a pipe delivered them",
                    "pipe",
                    run.pipe().arn(),
                    "shard",
                    shardId);
            move(tx -> {}, Checkpoint.OLDEST);
            return store.read(tx ->
                    records.read(
                            tx, Position.OLDEST, countMax(), PipesLimits.BATCH_BYTES_MAX, oldest));
        }
    }

    private int countMax() {
        Integer size = parameters.batchSize();
        int batch = size == null ? PipesLimits.STREAM_BATCH_DEFAULT : size;
        int limit = checkpoint.limit() == 0 ? batch : Math.min(batch, checkpoint.limit());
        return Math.min(limit, PipesLimits.RECEIVE_MAX);
    }

    private long windowEndMillis(List<Entry> entries) {
        Integer seconds = parameters.maximumBatchingWindowInSeconds();
        return seconds == null ? 0 : entries.getFirst().epochMillis() + seconds * 1000L;
    }

    /// How many of the first entries are older than the pipe wants.
    private int expiredCount(List<Entry> entries) {
        Integer age = parameters.maximumRecordAgeInSeconds();
        if (age == null || age <= 0) {
            return 0;
        }
        long oldest = nowMillis() - age * 1000L;
        int count = 0;
        while (count < entries.size() && entries.get(count).epochMillis() < oldest) {
            count++;
        }
        return count;
    }

    /// @param dropped gets those that the filters do not want
    private List<PipeEvent> events(List<Entry> entries, List<PipeEvent> dropped) {
        List<PipeEvent> events = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            PipeEvent event =
                    SourceEvents.of(
                            i,
                            run.pipe().settings().sourceArn(),
                            StreamRecords.of(
                                    stream, records, entries.get(i), run.parts().images()));
            if (run.stages().passesFilter(event)) {
                events.add(event);
            } else {
                dropped.add(event);
            }
        }
        return events;
    }

    private void giveUpExpired(List<Entry> entries) {
        List<Entry> wanted = new ArrayList<>();
        events(entries, new ArrayList<>()).forEach(event -> wanted.add(entries.get(event.index())));
        Checkpoint next = Checkpoint.at(entries.getLast().position().next());
        try {
            move(
                    tx -> {
                        Failure refused =
                                wanted.isEmpty() ? null : givenUp.put(tx, wanted, GivenUp.TOO_OLD);
                        if (refused != null) {
                            throw new Undelivered(refused);
                        }
                    },
                    next);
        } catch (Undelivered e) { // the dead-letter target does not take them: they stay
            Duration wait =
                    Backoff.after(
                            checkpoint.failureCount() + 1,
                            PipesLimits.RETRY_MAX,
                            run.parts().random());
            move(
                    tx -> StoredPipes.putTrouble(tx, run.pipe(), e.failure().text()),
                    checkpoint.failed(nowMillis() + wait.toMillis(), checkpoint.limit()));
        }
    }

    private void pass(List<Entry> entries) throws InterruptedException {
        List<PipeEvent> dropped = new ArrayList<>();
        List<PipeEvent> events = events(entries, dropped);
        Checkpoint behind = Checkpoint.at(entries.getLast().position().next());
        if (events.isEmpty()) {
            move(tx -> tellDropped(tx, dropped), behind);
            return;
        }
        PipeLog log = run.log();
        log.started(events);
        Passage passage = run.stages().pass(events, log);
        if (!passage.outputs().isEmpty()) {
            log.targetEntered(passage.outputs());
        }
        try {
            checkpoint =
                    store.write(tx -> {
                        run.check(tx);
                        if (checkpoint.failureCount() == 0) {
                            tellDropped(tx, dropped);
                        }
                        return passage.enriched()
                                ? deliverWhole(tx, passage, behind, log)
                                : deliverInOrder(tx, entries, passage, behind, log);
                    });
        } catch (Undelivered e) { // nothing of it was written
            List<Entry> wanted = events.stream().map(event -> entries.get(event.index())).toList();
            checkpoint =
                    store.write(tx -> {
                        run.check(tx);
                        return fail(tx, checkpoint, wanted, behind, e.failure(), log, false);
                    });
        }
    }

    private void tellDropped(Transaction tx, List<PipeEvent> dropped) {
        dropped.forEach(event -> run.parts().trace().filtered(tx, run.pipe(), event));
    }

    /// All of what an enrichment answered, or nothing.
    private Checkpoint deliverWhole(
            Transaction tx, Passage passage, Checkpoint behind, PipeLog log) {
        if (passage.failure() != null) {
            throw new Undelivered(passage.failure());
        }
        for (Output output : passage.outputs()) {
            Failure failure =
                    run.stages().isInStore()
                            ? run.parts().delivery().deliver(tx, run.pipe(), output)
                            : null;
            if (failure != null) {
                throw new Undelivered(failure);
            }
        }
        return succeed(tx, passage, behind, log);
    }

    /// One after the other, up to the first that fails.
    private Checkpoint deliverInOrder(
            Transaction tx, List<Entry> entries, Passage passage, Checkpoint behind, PipeLog log) {
        int count = 0;
        Failure failure = null;
        for (Output output : passage.outputs()) {
            failure =
                    run.stages().isInStore()
                            ? run.parts().delivery().deliver(tx, run.pipe(), output)
                            : count < passage.calledCount() ? null : passage.failure();
            if (failure == null && !run.stages().isInStore()) {
                run.parts().trace().delivered(tx, run.pipe(), output.event(), "");
            }
            if (failure != null) {
                Entry entry = entries.get(output.event().index());
                Checkpoint at = count == 0 ? checkpoint : Checkpoint.at(entry.position());
                Checkpoint next = Checkpoint.at(entry.position().next());
                return fail(tx, at, List.of(entry), next, failure, log, count > 0);
            }
            count++;
        }
        if (passage.failure() != null) {
            throw new Undelivered(passage.failure());
        }
        return succeed(tx, passage, behind, log);
    }

    private Checkpoint succeed(Transaction tx, Passage passage, Checkpoint behind, PipeLog log) {
        StoredPipes.putTrouble(tx, run.pipe(), null);
        log.succeeded(!passage.outputs().isEmpty()).write(tx, run.parts().delivery());
        behind.put(tx, run.pipe(), shard);
        return behind;
    }

    /// Tries again later, fewer at once when the pipe is to bisect; or gives up.
    ///
    /// @param at where what failed begins
    /// @param failed what is given up when there were enough attempts
    /// @param behind where it goes on then
    private Checkpoint fail(
            Transaction tx,
            Checkpoint at,
            List<Entry> failed,
            Checkpoint behind,
            Failure failure,
            PipeLog log,
            boolean partially) {
        StoredPipes.putTrouble(tx, run.pipe(), failure.text());
        String id = StreamRecords.eventId(records, failed.getFirst());
        run.parts().trace().failed(tx, run.pipe(), id, failure);
        log.failed(failure, partially).write(tx, run.parts().delivery());
        Integer retries = parameters.maximumRetryAttempts();
        boolean bisects = parameters.onPartialBatchItemFailure() != null && failed.size() > 1;
        boolean exhausted = retries != null && retries >= 0 && at.failureCount() >= retries;
        Checkpoint next = null;
        if (exhausted && !bisects && givenUp.put(tx, failed, GivenUp.EXHAUSTED) == null) {
            next = behind;
        }
        if (next == null) {
            Duration wait =
                    Backoff.after(
                            at.failureCount() + 1, PipesLimits.RETRY_MAX, run.parts().random());
            Duration asked = failure.retryAfter();
            long dueMillis =
                    nowMillis() + Math.max(wait.toMillis(), asked == null ? 0 : asked.toMillis());
            next = at.failed(dueMillis, bisects ? failed.size() / 2 : at.limit());
        }
        next.put(tx, run.pipe(), shard);
        return next;
    }

    private void move(Consumer<Transaction> with, Checkpoint next) {
        checkpoint =
                store.write(tx -> {
                    run.check(tx);
                    with.accept(tx);
                    next.put(tx, run.pipe(), shard);
                    return next;
                });
    }

    private static String shardId(Snapshot tx, TableStream stream, int shard) {
        StreamShard found = StreamShards.find(tx, stream, shard, Long.MIN_VALUE);
        return found == null ? "" : stream.shardId(found);
    }

    private long nowMillis() {
        return run.parts().clock().millis();
    }

    private static Duration min(Duration patience, long millis) {
        return patience.toMillis() <= millis ? patience : Duration.ofMillis(millis);
    }
}
