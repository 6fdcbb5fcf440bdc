package io.millrace.engine;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

import java.util.Arrays;

/// A range of a snapshot. RocksDB knows the range's far end, so that it never walks over what was
/// deleted behind it.
final class RocksCursor implements Cursor {

    private enum State {
        BEFORE,
        ON_ENTRY,
        ENDED,
        CLOSED
    }

    private final RocksView view;
    private final byte[] start;
    private final Snapshot.Direction direction;
    private final Slice bound;
    private final ReadOptions readOptions;
    private final RocksIterator iterator;
    private State state;

    RocksCursor(
            RocksView view,
            RocksDB db,
            RocksSnapshot snapshot,
            byte[] from,
            byte[] to,
            Snapshot.Direction direction) {
        this.view = view;
        this.direction = direction;
        state = Arrays.compareUnsigned(from, to) < 0 ? State.BEFORE : State.ENDED;
        readOptions = new ReadOptions().setSnapshot(snapshot.handle());
        boolean forward = direction == Snapshot.Direction.FORWARD;
        start = forward ? from : to;
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
            case BEFORE -> seek();
            case ON_ENTRY -> step();
            case ENDED -> {
                return false;
            }
            case CLOSED -> throw new IllegalStateException("the cursor is closed");
        }
        if (iterator.isValid()) {
            state = State.ON_ENTRY;
            return true;
        }
        state = State.ENDED;
        try {
            iterator.status();
        } catch (RocksDBException e) {
            throw new StoreException("read failed: " + e.getMessage(), e);
        }
        return false;
    }

    @Override
    public byte[] key() {
        checkOnEntry();
        return iterator.key();
    }

    @Override
    public byte[] value() {
        checkOnEntry();
        return iterator.value();
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

    private void seek() {
        switch (direction) {
            case FORWARD -> iterator.seek(start);
            case BACKWARD -> {
                iterator.seekForPrev(start);
                if (iterator.isValid() && Arrays.equals(iterator.key(), start)) {
                    iterator.prev();
                }
            }
        }
    }

    private void step() {
        switch (direction) {
            case FORWARD -> iterator.next();
            case BACKWARD -> iterator.prev();
        }
    }

    private void checkOnEntry() {
        view.checkOpen();
        if (state != State.ON_ENTRY) {
            throw new IllegalStateException("the cursor is on no entry");
        }
    }
}
