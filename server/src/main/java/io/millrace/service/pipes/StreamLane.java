package io.millrace.service.pipes;

import io.millrace.api.pipes.PipeSourceDynamoDBStreamParameters;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.log.Log;
import io.millrace.stream.ImageDecoder;
import io.millrace.stream.Position;
import io.millrace.stream.StreamLog;
import io.millrace.stream.StreamLog.Entry;
import io.millrace.stream.StreamRecords;
import io.millrace.stream.StreamShard;
import io.millrace.stream.StreamShards;
import io.millrace.stream.TableStream;
import io.millrace.stream.TableStreams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One slot of a shard of a table's stream, strictly in order: what fails holds up what is behind
/// it until it succeeds or is given up.
///
/// The checkpoint moves in the transaction that delivers, where the target is in the store, so that
/// every record gets through exactly once; where the target is called, after the call.
final class StreamLane implements Lane {
    /// What was read.
    ///
    /// @param dropped what the filters do not want of the entries
    private record Batch(List<Entry> entries, List<PipeEvent> dropped) {

        /// Behind so many of the entries.
        Checkpoint behind(int count) {
            return Checkpoint.at(entries.get(count - 1).position().next());
        }
    }

    /// What did not get through.
    ///
    /// @param at where it begins
    /// @param entries what is given up when there were enough attempts
    /// @param from how many entries of the batch are before it
    /// @param to how many of them are behind the pipe when it is given up
    private record Failed(Checkpoint at, List<Entry> entries, int from, int to, Failure failure) {}

    private static final Log LOG = Log.of(StreamLane.class);

    private final Run run;
    private final Store store;
    private final TableStream stream;
    private final Slot slot;
    private final StreamLog records;
    private final PipeSourceDynamoDBStreamParameters parameters;
    private final String shardId;
    private final GivenUp givenUp;
    private final RecordTrace trace;
    private final SlotReader reader;
    private final Bell bell;
    private Checkpoint checkpoint;

    /// From the checkpoint to here there is nothing of the slot.
    private Position scanned;

    private int skipped;

    StreamLane(Run run, TableStream stream, Slot slot) {
        this.run = run;
        this.store = run.parts().store();
        this.stream = stream;
        this.slot = slot;
        this.records = stream.log(slot.shard());
        this.parameters = run.pipe().settings().stream();
        this.shardId = store.read(tx -> shardId(tx, stream, slot.shard()));
        this.givenUp = new GivenUp(run, stream, records, shardId);
        this.bell =
                new Bell(List.of(records.watch(store), TableStreams.watchShards(store, stream)));
        ImageDecoder images = run.parts().images();
        this.trace = new RecordTrace(run.parts().trace(), run.pipe(), stream, records, images);
        ShardProgress progress = store.read(tx -> ShardProgress.read(tx, run.pipe(), slot.shard()));
        this.checkpoint = progress.start(slot);
        this.scanned = checkpoint.position();
        this.reader = new SlotReader(stream, records, images, slot, progress.ahead(slot, scanned));
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
        SlotReader.Found found = read();
        StreamLog.Page page = found.page();
        List<Entry> entries = page.entries();
        if (entries.isEmpty()) {
            if (page.next() == null) {
                move(tx -> {}, Checkpoint.end());
                return true;
            }
            skip(found.scanned(), page.next());
            if (found.isWhole()) {
                bell.await(patience);
            }
            return !found.isWhole();
        }
        long windowLeft = windowEndMillis(entries) - nowMillis();
        if (entries.size() < countMax()
                && page.next() != null
                && found.isWhole()
                && windowLeft > 0) {
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

    /// Passes over what other slots have, and at times writes down that it did.
    private void skip(int count, Position next) {
        scanned = next;
        skipped += count;
        if (skipped > PipesLimits.SKIPPED_MAX) {
            move(tx -> {}, Checkpoint.at(next));
            skipped = 0;
        }
    }

    private SlotReader.Found read() {
        long oldest = run.parts().streams().oldestMillis(run.parts().clock().instant());
        Position from = checkpoint.position();
        Position begin = scanned.compareTo(from) > 0 ? scanned : from;
        try {
            return store.read(tx -> reader.read(tx, begin, countMax(), oldest));
        } catch (StreamLog.TrimmedException _) {
            LOG.warning(
                    "Records expired before a pipe delivered them",
                    "pipe",
                    run.pipe().arn(),
                    "shard",
                    shardId);
            move(tx -> {}, Checkpoint.OLDEST);
            scanned = Position.OLDEST;
            return store.read(tx -> reader.read(tx, Position.OLDEST, countMax(), oldest));
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
        List<PipeEvent> dropped = new ArrayList<>();
        events(entries, dropped).forEach(event -> wanted.add(entries.get(event.index())));
        Checkpoint next = Checkpoint.at(entries.getLast().position().next());
        try {
            move(
                    tx -> {
                        trace.passed(tx, entries, dropped);
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
        Batch batch = new Batch(entries, dropped);
        if (events.isEmpty()) {
            move(tx -> trace.passed(tx, entries, dropped), batch.behind(entries.size()));
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
                        return passage.enriched()
                                ? deliverWhole(tx, passage, batch, log)
                                : deliverInOrder(tx, passage, batch, log);
                    });
        } catch (Undelivered e) { // nothing of it was written
            List<Entry> wanted = events.stream().map(event -> entries.get(event.index())).toList();
            checkpoint =
                    store.write(tx -> {
                        run.check(tx);
                        return fail(
                                tx,
                                batch,
                                new Failed(checkpoint, wanted, 0, entries.size(), e.failure()),
                                log);
                    });
        }
    }

    /// All of what an enrichment answered, or nothing.
    private Checkpoint deliverWhole(Transaction tx, Passage passage, Batch batch, PipeLog log) {
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
        return succeed(tx, passage, batch, log);
    }

    /// One after the other, up to the first that fails.
    private Checkpoint deliverInOrder(Transaction tx, Passage passage, Batch batch, PipeLog log) {
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
                int index = output.event().index();
                Entry entry = batch.entries.get(index);
                Checkpoint at = count == 0 ? checkpoint : Checkpoint.at(entry.position());
                Failed failed = new Failed(at, List.of(entry), index, index + 1, failure);
                return fail(tx, batch, failed, log);
            }
            count++;
        }
        if (passage.failure() != null) {
            throw new Undelivered(passage.failure());
        }
        return succeed(tx, passage, batch, log);
    }

    private Checkpoint succeed(Transaction tx, Passage passage, Batch batch, PipeLog log) {
        StoredPipes.putTrouble(tx, run.pipe(), null);
        trace.passed(tx, batch.entries, batch.dropped);
        log.succeeded(!passage.outputs().isEmpty()).write(tx, run.parts().delivery());
        Checkpoint behind = batch.behind(batch.entries.size());
        behind.put(tx, run.pipe(), slot);
        return behind;
    }

    /// Tries again later, fewer at once when the pipe is to bisect; or gives up.
    private Checkpoint fail(Transaction tx, Batch batch, Failed failed, PipeLog log) {
        Failure failure = failed.failure;
        Checkpoint at = failed.at;
        StoredPipes.putTrouble(tx, run.pipe(), failure.text());
        if (at.failureCount() == 0) { // a retry would tell the same again
            trace.written(tx, failed.entries);
        }
        if (run.stages().isInStore() || failure.isOurs()) {
            String id = StreamRecords.eventId(records, failed.entries.getFirst());
            run.parts().trace().failed(tx, run.pipe(), id, failure);
        }
        log.failed(failure, !at.equals(checkpoint)).write(tx, run.parts().delivery());
        boolean isGivenUp = isGivenUp(tx, failed);
        int passed = isGivenUp ? failed.to : at.equals(checkpoint) ? 0 : failed.from;
        trace.passed(tx, batch.entries.subList(0, passed), batch.dropped);
        Checkpoint next;
        if (isGivenUp) {
            next = batch.behind(passed);
        } else {
            Duration wait =
                    Backoff.after(
                            at.failureCount() + 1, PipesLimits.RETRY_MAX, run.parts().random());
            Duration asked = failure.retryAfter();
            long dueMillis =
                    nowMillis() + Math.max(wait.toMillis(), asked == null ? 0 : asked.toMillis());
            next = at.failed(dueMillis, bisects(failed) ? failed.entries.size() / 2 : at.limit());
        }
        next.put(tx, run.pipe(), slot);
        return next;
    }

    private boolean bisects(Failed failed) {
        return parameters.onPartialBatchItemFailure() != null && failed.entries.size() > 1;
    }

    /// Whether there were enough attempts, and the dead-letter target knows.
    private boolean isGivenUp(Transaction tx, Failed failed) {
        Integer retries = parameters.maximumRetryAttempts();
        return retries != null
                && retries >= 0
                && failed.at.failureCount() >= retries
                && !bisects(failed)
                && givenUp.put(tx, failed.entries, GivenUp.EXHAUSTED) == null;
    }

    private void move(Consumer<Transaction> with, Checkpoint next) {
        checkpoint =
                store.write(tx -> {
                    run.check(tx);
                    with.accept(tx);
                    next.put(tx, run.pipe(), slot);
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
