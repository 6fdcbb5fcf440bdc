package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;

/// Merges a base cursor with the transaction's own writes, also with those made while it moves.
///
/// The base stands at most one entry ahead. The own writes are looked up anew at each step, behind
/// the key that was shown last.
final class OverlayCursor implements Cursor {

    /// Where the base cursor stands.
    private enum Base {
        PASSED,
        AHEAD,
        ENDED
    }

    private final Cursor base;
    private final WriteSet writes;
    private final ReadSet.Range read;
    private final byte[] from;
    private final byte[] to;
    private final Snapshot.Direction direction;
    private Base baseState = Base.PASSED;
    private byte[] baseKey = Bytes.EMPTY;
    private byte @Nullable [] position;
    private boolean onEntry;
    private byte @Nullable [] ownValue;

    OverlayCursor(
            Cursor base,
            WriteSet writes,
            ReadSet.Range read,
            byte[] from,
            byte[] to,
            Snapshot.Direction direction) {
        this.base = base;
        this.writes = writes;
        this.read = read;
        this.from = from;
        this.to = to;
        this.direction = direction;
    }

    @Override
    public boolean next() {
        onEntry = false;
        while (true) { // ends: each turn passes an entry of the base or a write
            if (baseState == Base.PASSED) {
                advanceBase();
            }
            Map.Entry<byte[], WriteSet.Write> own = writes.next(from, to, position, direction);
            if (own == null && baseState == Base.ENDED) {
                read.passedAll();
                return false;
            }
            if (own == null) {
                onEntry = showBase(baseKey);
            } else {
                int order = baseState == Base.ENDED ? -1 : compare(own.getKey(), baseKey);
                onEntry = order > 0 ? showBase(baseKey) : showOwn(own, order == 0);
            }
            if (onEntry) {
                return true;
            }
        }
    }

    @Override
    public byte[] key() {
        byte[] key = position;
        if (!onEntry || key == null) {
            throw new IllegalStateException("the cursor is on no entry");
        }
        return key.clone();
    }

    @Override
    public byte[] value() {
        if (!onEntry) {
            throw new IllegalStateException("the cursor is on no entry");
        }
        byte[] own = ownValue;
        return own == null ? base.value() : own.clone();
    }

    @Override
    public void close() {
        onEntry = false;
        base.close();
    }

    private void advanceBase() {
        if (base.next()) {
            baseState = Base.AHEAD;
            baseKey = base.key();
        } else {
            baseState = Base.ENDED;
        }
    }

    private boolean showBase(byte[] key) {
        pass(key);
        baseState = Base.PASSED;
        ownValue = null;
        return !writes.rangeDeleted(key);
    }

    private boolean showOwn(Map.Entry<byte[], WriteSet.Write> own, boolean baseHasIt) {
        byte[] key = own.getKey();
        return switch (own.getValue()) {
            case WriteSet.Write.Put(byte[] value) -> {
                passBoth(key, baseHasIt);
                ownValue = value;
                yield true;
            }
            case WriteSet.Write.Count(long value) -> {
                passBoth(key, baseHasIt);
                ownValue = Bytes.counter(value);
                yield true;
            }
            case WriteSet.Write.Delete() -> {
                passBoth(key, baseHasIt);
                yield false;
            }
            case WriteSet.Write.Add(long delta) -> {
                boolean counted = baseHasIt && !writes.rangeDeleted(key);
                long before = counted ? Bytes.counter(base.value()) : 0;
                passBoth(key, baseHasIt);
                ownValue = Bytes.counter(before + delta);
                yield true;
            }
            case WriteSet.Write.StampedValue _ -> {
                if (baseHasIt) {
                    yield showBase(key);
                }
                pass(key);
                yield false;
            }
        };
    }

    private void passBoth(byte[] key, boolean baseHasIt) {
        pass(key);
        if (baseHasIt) {
            baseState = Base.PASSED;
        }
    }

    private void pass(byte[] key) {
        position = key;
        read.passed(key);
    }

    private int compare(byte[] own, byte[] other) {
        int order = Arrays.compareUnsigned(own, other);
        return direction == Snapshot.Direction.FORWARD ? order : -order;
    }
}
