package io.millrace.service.pipes;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;
import io.millrace.stream.Position;

/// How far a pipe is in a [Slot] of a shard, durably: what is before it was delivered, filtered out
/// or discarded, and comes never again.
///
/// @param version with `index`, the [Position] of the next record
/// @param done whether the shard is closed and read to its end
/// @param failureCount how often the batch that begins here failed
/// @param dueMillis when it is tried again; 0 for at once
/// @param limit how many records are tried at once, after a failure; 0 for a whole batch
record Checkpoint(
        long version, int index, boolean done, int failureCount, long dueMillis, int limit) {

    /// Which a pipe has from the moment on that it first was set going.
    static final int BEGUN = 0xffffffff;

    /// At the oldest record that is there: where a shard begins without a checkpoint.
    static final Checkpoint OLDEST = at(Position.OLDEST);

    private static final ResourceCodec<Checkpoint> CODEC = new ResourceCodec<>(Checkpoint.class);

    static Checkpoint at(Position position) {
        return new Checkpoint(position.version(), position.index(), false, 0, 0, 0);
    }

    static Checkpoint end() {
        return new Checkpoint(0, 0, true, 0, 0, 0);
    }

    Position position() {
        return new Position(version, index);
    }

    /// After another failure of what begins here.
    Checkpoint failed(long newDueMillis, int newLimit) {
        return new Checkpoint(version, index, done, failureCount + 1, newDueMillis, newLimit);
    }

    static Checkpoint decode(byte[] bytes) {
        return CODEC.decode(bytes);
    }

    static boolean hasBegun(Snapshot tx, StoredPipe pipe) {
        return tx.get(PipesKeys.checkpoint(pipe.number(), Slot.whole(BEGUN))) != null;
    }

    void put(Transaction tx, StoredPipe pipe, Slot slot) {
        tx.put(PipesKeys.checkpoint(pipe.number(), slot), CODEC.encode(this));
    }
}
