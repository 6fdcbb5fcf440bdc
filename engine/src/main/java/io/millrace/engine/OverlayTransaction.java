package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A transaction as its own writes over a base snapshot, which is only taken at the first read.
final class OverlayTransaction implements Transaction {
    private final Supplier<? extends Snapshot> base;
    private final WriteSet writes = new WriteSet();
    private final ReadSet reads = new ReadSet();
    private @Nullable List<Runnable> afterCommit;
    private @Nullable List<Claim> claims;

    OverlayTransaction(Supplier<? extends Snapshot> base) {
        this.base = base;
    }

    WriteSet writes() {
        return writes;
    }

    ReadSet reads() {
        return reads;
    }

    /// What is to run when this is durable.
    List<Runnable> afterCommit() {
        return afterCommit == null ? List.of() : afterCommit;
    }

    /// Settles what was claimed: this is committed.
    void committed(long version) {
        settle(claim -> claim.committed(version));
    }

    /// Settles what was claimed: this came to nothing.
    void released() {
        settle(Claim::released);
    }

    /// Each hears it, also when another fails: who is claimed waits for it.
    private void settle(Consumer<Claim> how) {
        Throwable fault = null;
        for (Claim claim : claims == null ? List.<Claim>of() : claims) {
            try {
                how.accept(claim);
            } catch (RuntimeException | Error e) {
                fault = e;
            }
        }
        if (fault instanceof RuntimeException e) {
            throw e;
        }
        if (fault instanceof Error e) {
            throw e;
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        Snapshot snapshot = base.get(); // refuses a finished transaction
        return switch (writes.points.get(key)) {
            case null -> before(snapshot, key);
            case WriteSet.Write.StampedValue _ -> before(snapshot, key);
            case WriteSet.Write.Put(byte[] value) -> value.clone();
            case WriteSet.Write.Count(long value) -> Bytes.counter(value);
            case WriteSet.Write.Delete() -> null;
            case WriteSet.Write.Add(long delta) ->
                    Bytes.counter(Bytes.counter(before(snapshot, key)) + delta);
        };
    }

    @Override
    public Cursor range(byte[] from, byte[] to, Direction direction) {
        ReadSet.Range read = reads.range(from, to, direction);
        return new OverlayCursor(
                base.get().range(from, to, direction), writes, read, from, to, direction);
    }

    @Override
    public long version() {
        return base.get().version();
    }

    @Override
    public void put(byte[] key, byte[] value) {
        writes.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
        writes.delete(key);
    }

    @Override
    public void deleteRange(byte[] from, byte[] to) {
        writes.deleteRange(from, to);
    }

    @Override
    public void add(byte[] key, long delta) {
        writes.add(key, delta);
    }

    @Override
    public void putStamped(byte[] key, int keyStampOffset, byte[] value, int valueStampOffset) {
        writes.putStamped(key, keyStampOffset, value, valueStampOffset);
    }

    @Override
    public byte @Nullable [] firstStamped(byte[] prefix) {
        byte[] value = writes.firstStamped(prefix);
        return value == null ? null : value.clone();
    }

    @Override
    public void afterCommit(Runnable action) {
        if (afterCommit == null) {
            afterCommit = new ArrayList<>(2);
        }
        afterCommit.add(action);
    }

    @Override
    public void claim(Claim claim) {
        if (claims == null) {
            claims = new ArrayList<>(1);
        }
        claims.add(claim);
    }

    private byte @Nullable [] before(Snapshot snapshot, byte[] key) {
        if (writes.rangeDeleted(key)) {
            return null;
        }
        reads.point(key);
        return snapshot.get(key);
    }
}
