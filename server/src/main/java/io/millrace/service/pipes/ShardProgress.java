package io.millrace.service.pipes;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.stream.Position;
import io.millrace.stream.StreamLog.Entry;

import java.util.ArrayList;
import java.util.List;

/// How far a pipe is in a shard: the checkpoints of all slots, also of those that the shard had
/// under another `ParallelizationFactor`. A record is behind a pipe as soon as it is behind any
/// slot that has it, so that nothing comes twice, and nothing is skipped, when the factor changes.
/// Immutable.
final class ShardProgress {
    private final List<Slot.Progress> slots;

    private ShardProgress(List<Slot.Progress> slots) {
        this.slots = slots;
    }

    static ShardProgress read(Snapshot tx, StoredPipe pipe, int shard) {
        List<Slot.Progress> slots = new ArrayList<>();
        byte[] all = PipesKeys.checkpoints(pipe.number(), shard);
        try (Cursor cursor = tx.range(all, Bytes.prefixEnd(all), Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                Slot slot = PipesKeys.checkpointSlot(cursor.key());
                slots.add(new Slot.Progress(slot, Checkpoint.decode(cursor.value())));
            }
        }
        return new ShardProgress(slots);
    }

    /// Where a slot goes on.
    Checkpoint start(Slot slot) {
        Position floor = floor();
        for (Slot.Progress each : slots) {
            Checkpoint own = each.checkpoint();
            if (each.slot().equals(slot) && own != null && each.position().compareTo(floor) >= 0) {
                return own;
            }
        }
        return floor.equals(Slot.Progress.END) ? Checkpoint.end() : Checkpoint.at(floor);
    }

    /// Whether there is nothing left in the shard, which is closed.
    boolean isDone() {
        return floor().equals(Slot.Progress.END);
    }

    /// Before it there is nothing left, in whatever slot.
    private Position floor() {
        Position floor = Position.OLDEST;
        for (int factor = 1; factor <= PipesLimits.PARALLELIZATION_MAX; factor++) {
            int count = 0;
            Position slowest = Slot.Progress.END;
            for (Slot.Progress each : slots) {
                if (each.slot().factor() == factor) {
                    count++;
                    slowest = each.position().compareTo(slowest) < 0 ? each.position() : slowest;
                }
            }
            if (count == factor && slowest.compareTo(floor) > 0) {
                floor = slowest;
            }
        }
        return floor;
    }

    /// The slots of other factors that are further than `position`: what they had is not to come
    /// again.
    ShardProgress ahead(Slot slot, Position position) {
        return new ShardProgress(
                slots.stream()
                        .filter(each -> each.slot().factor() != slot.factor())
                        .filter(each -> each.position().compareTo(position) > 0)
                        .toList());
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }

    /// Whether one of the slots has the record behind it.
    ///
    /// @param hash see [Slot#hash]
    boolean isBehind(Entry entry, int hash) {
        for (Slot.Progress each : slots) {
            if (each.slot().has(hash) && entry.position().compareTo(each.position()) < 0) {
                return true;
            }
        }
        return false;
    }
}
