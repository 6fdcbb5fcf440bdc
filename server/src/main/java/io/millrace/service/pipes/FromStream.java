package io.millrace.service.pipes;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.stream.Position;
import io.millrace.stream.StreamOptions;
import io.millrace.stream.StreamShard;
import io.millrace.stream.StreamShards;
import io.millrace.stream.TableStream;
import io.millrace.stream.TableStreams;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Streams of tables as sources: a lane for each slot of each shard, a child after its parent's
/// end.
final class FromStream implements Source {
    private static final int PAGE_SHARDS = 100;

    private final InstantSource clock;
    private final StreamOptions options;

    FromStream(InstantSource clock, StreamOptions options) {
        this.clock = clock;
        this.options = options;
    }

    @Override
    public @Nullable String problem(Snapshot tx, StoredPipe pipe) {
        return stream(tx, pipe) == null
                ? "The stream " + pipe.settings().source() + " does not exist."
                : null;
    }

    /// From the newest record on, when the pipe is to: behind everything in shards that are open,
    /// and at the end of those that are closed.
    @Override
    public void begin(Transaction tx, StoredPipe pipe) {
        if (Checkpoint.hasBegun(tx, pipe)) {
            return;
        }
        Checkpoint.OLDEST.put(tx, pipe, Slot.whole(Checkpoint.BEGUN));
        TableStream stream = stream(tx, pipe);
        if (stream != null && "LATEST".equals(pipe.settings().stream().startingPosition())) {
            Position newest = Position.behind(tx.version());
            for (StreamShard shard : shards(tx, stream)) {
                Checkpoint start = shard.open() ? Checkpoint.at(newest) : Checkpoint.end();
                start.put(tx, pipe, Slot.whole(shard.shard()));
            }
        }
    }

    @Override
    public List<Integer> lanes(Run run) {
        Store store = run.parts().store();
        StoredPipe pipe = run.pipe();
        Set<Integer> there = new HashSet<>();
        List<Integer> lanes =
                store.read(tx -> {
                    List<Integer> open = new ArrayList<>();
                    TableStream stream = stream(tx, pipe);
                    if (stream == null) {
                        return open;
                    }
                    for (StreamShard shard : shards(tx, stream)) {
                        there.add(shard.shard());
                        if (isFollowed(tx, pipe, stream, shard.parent())) {
                            addLanes(tx, pipe, shard.shard(), open);
                        }
                    }
                    return open;
                });
        forget(run, there);
        return lanes;
    }

    /// The lanes of a shard's slots that are not done.
    private static void addLanes(Snapshot tx, StoredPipe pipe, int shard, List<Integer> lanes) {
        ShardProgress progress = ShardProgress.read(tx, pipe, shard);
        int factor = factor(pipe);
        for (int index = 0; index < factor; index++) {
            Slot slot = new Slot(shard, factor, index);
            if (!progress.start(slot).done()) {
                lanes.add(slot.lane());
            }
        }
    }

    private static int factor(StoredPipe pipe) {
        Integer factor = pipe.settings().stream().parallelizationFactor();
        return factor == null ? 1 : factor;
    }

    /// Whether there is nothing left in the parent: what comes in the child is later.
    private boolean isFollowed(
            Snapshot tx, StoredPipe pipe, TableStream stream, StreamShard.@Nullable Parent parent) {
        return parent == null
                || ShardProgress.read(tx, pipe, parent.shard()).isDone()
                || StreamShards.find(tx, stream, parent.shard(), oldestMillis()) == null;
    }

    /// Removes the checkpoints of shards that are gone.
    private static void forget(Run run, Set<Integer> there) {
        byte[] all = PipesKeys.checkpoints(run.pipe().number());
        Store store = run.parts().store();
        List<byte[]> gone =
                store.read(tx -> {
                    List<byte[]> keys = new ArrayList<>();
                    try (Cursor cursor =
                            tx.range(all, Bytes.prefixEnd(all), Snapshot.Direction.FORWARD)) {
                        while (cursor.next()) {
                            int shard = PipesKeys.checkpointShard(cursor.key());
                            if (shard != Checkpoint.BEGUN && !there.contains(shard)) {
                                keys.add(cursor.key());
                            }
                        }
                    }
                    return keys;
                });
        if (!gone.isEmpty()) {
            store.<@Nullable Void>write(tx -> {
                run.check(tx);
                gone.forEach(tx::delete);
                return null;
            });
        }
    }

    @Override
    public Lane lane(Run run, int number) {
        TableStream stream =
                run.parts().store().<@Nullable TableStream>read(tx -> stream(tx, run.pipe()));
        if (stream == null) {
            throw new IllegalStateException("a lane of a stream that is gone");
        }
        return new StreamLane(run, stream, Slot.ofLane(number, factor(run.pipe())));
    }

    @Override
    public List<Watch> watches(Run run) {
        Store store = run.parts().store();
        TableStream stream = store.<@Nullable TableStream>read(tx -> stream(tx, run.pipe()));
        return stream == null ? List.of() : List.of(TableStreams.watchShards(store, stream));
    }

    private @Nullable TableStream stream(Snapshot tx, StoredPipe pipe) {
        TableStream stream = TableStreams.find(tx, pipe.settings().sourceArn());
        return stream == null || TableStreams.isGone(stream, oldestMillis()) ? null : stream;
    }

    private List<StreamShard> shards(Snapshot tx, TableStream stream) {
        List<StreamShard> shards = new ArrayList<>();
        int after = -1;
        while (true) { // ends with the last page
            List<StreamShard> page =
                    StreamShards.page(tx, stream, after, oldestMillis(), PAGE_SHARDS);
            shards.addAll(page);
            if (page.size() < PAGE_SHARDS) {
                return shards;
            }
            after = page.getLast().shard();
        }
    }

    private long oldestMillis() {
        return options.oldestMillis(clock.instant());
    }
}
