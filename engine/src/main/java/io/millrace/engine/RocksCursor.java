package io.millrace.engine;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

import java.util.Arrays;

/// A range of a snapshot. RocksDB knows the range's far end, so that it never walks over what was
/// deleted behind it; forward, [KnownGaps] lead over what was deleted inside, and slow steps teach
/// new ones.
final class RocksCursor implements Cursor {

    private enum State {
        BEFORE,
        ON_ENTRY,
        ENDED,
        CLOSED
    }

    private final RocksView view;
    private final CommitPipeline pipeline;
    private final long version;
    private final byte[] from;
    private final byte[] to;
    private final Snapshot.Direction direction;
    private final Slice bound;
    private final ReadOptions readOptions;
    private final RocksIterator iterator;
    private State state;
    private byte @Nullable [] key;

    /// Until where there was no gap when it was last asked; null when that was never.
    private byte @Nullable [] gapless;

    private boolean gaplessToEnd;

    RocksCursor(
            RocksView view,
            RocksDB db,
            CommitPipeline pipeline,
            RocksSnapshot snapshot,
            byte[] from,
            byte[] to,
            Snapshot.Direction direction) {
        this.view = view;
        this.pipeline = pipeline;
        this.version = snapshot.version();
        this.from = from;
        this.to = to;
        this.direction = direction;
        state = Arrays.compareUnsigned(from, to) < 0 ? State.BEFORE : State.ENDED;
        readOptions = new ReadOptions().setSnapshot(snapshot.handle());
        boolean forward = direction == Snapshot.Direction.FORWARD;
        bound = new Slice(forward ? to : from);
        if (forward) {
            readOptions.setIterateUpperBound(bound);
        } else {
            readOptions.setIterateLowerBound(bound);
        }
        iterator = db.newIterator(readOptions);
    }

    @Override
    public boolean next() {
        view.checkOpen();
        switch (state) {
            case BEFORE, ON_ENTRY -> {
                if (direction == Snapshot.Direction.FORWARD) {
                    forward();
                } else {
                    backward();
                }
            }
            case ENDED -> {
                return false;
            }
            case CLOSED -> throw new IllegalStateException("the cursor is closed");
        }
        return state == State.ON_ENTRY;
    }

    @Override
    public byte[] key() {
        return currentKey().clone();
    }

    @Override
    public byte[] value() {
        byte[] of = currentKey();
        try {
            return pipeline.values().open(of, iterator.value());
        } catch (StoredValues.UnreadableException e) {
            throw pipeline.stop(e);
        }
    }

    @Override
    public void close() {
        if (state != State.CLOSED) {
            view.checkOpen();
            view.forget(this);
            release();
        }
    }

    void release() {
        state = State.CLOSED;
        iterator.close();
        readOptions.close();
        bound.close();
    }

    private void forward() {
        KnownGaps gaps = pipeline.gaps();
        if (state == State.BEFORE) {
            gaplessToEnd = !gaps.anyIn(from, to);
        }
        boolean asks = !gaplessToEnd && !gaps.isEmpty();
        byte[] next = position(asks);
        byte[] gapEnd = next == null || !asks ? null : gapEnd(gaps, next);
        key = null;
        long start = nanos();
        if (gapEnd != null) {
            iterator.seek(gapEnd);
        } else if (state == State.BEFORE) {
            iterator.seek(from);
        } else {
            iterator.next();
        }
        settle();
        if (next != null
                && isSlowSince(start)
                && gaps.isLearned(next)
                && isSlowFrom(gapEnd == null ? next : gapEnd)) {
            learn(next);
        }
    }

    private long nanos() {
        return pipeline.tuning().nanos().getAsLong();
    }

    private boolean isSlowSince(long start) {
        return nanos() - start > pipeline.tuning().slowStepNanos();
    }

    /// Whether to come here from `position` is slow once more: who had to wait for a processor was
    /// slow by chance, and a gap costs all who pass by and all who write.
    private boolean isSlowFrom(byte[] position) {
        long start = nanos();
        iterator.seek(position);
        boolean slow = isSlowSince(start);
        settle();
        return slow;
    }

    /// From where the cursor goes on; null when that is unknown and nobody needs it.
    private byte @Nullable [] position(boolean needed) {
        if (state == State.BEFORE) {
            return from;
        }
        byte[] last = needed ? currentKey() : key;
        return last == null ? null : Bytes.after(last);
    }

    /// The end of the gap that `next` is in; null when it is in none. A walk over many entries asks
    /// once for each stretch between gaps.
    private byte @Nullable [] gapEnd(KnownGaps gaps, byte[] next) {
        byte[] until = gapless;
        if (until != null && Arrays.compareUnsigned(next, until) < 0) {
            return null;
        }
        byte[] end = gaps.end(next, version);
        if (end == null) {
            gapless = gaps.nextStart(next);
            gaplessToEnd = gapless == null || Arrays.compareUnsigned(gapless, to) >= 0;
        }
        return end;
    }

    private void settle() {
        state = iterator.isValid() ? State.ON_ENTRY : State.ENDED;
        if (state == State.ENDED) {
            try {
                iterator.status();
            } catch (RocksDBException e) {
                throw pipeline.stop(e);
            }
        }
    }

    private void learn(byte[] next) {
        byte[] end = state == State.ON_ENTRY ? currentKey() : to;
        if (Arrays.compareUnsigned(next, end) < 0) {
            pipeline.learnGap(next, end, version);
        }
    }

    private void backward() {
        key = null;
        if (state == State.ON_ENTRY) {
            iterator.prev();
        } else {
            iterator.seekForPrev(to);
            if (iterator.isValid() && Arrays.equals(iterator.key(), to)) {
                iterator.prev();
            }
        }
        settle();
    }

    private byte[] currentKey() {
        checkOnEntry();
        byte[] current = key;
        if (current == null) {
            current = iterator.key();
            key = current;
        }
        return current;
    }

    private void checkOnEntry() {
        view.checkOpen();
        if (state != State.ON_ENTRY) {
            throw new IllegalStateException("the cursor is on no entry");
        }
    }
}
