package io.millrace.service.pipes;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.stream.ImageDecoder;
import io.millrace.stream.Position;
import io.millrace.stream.StreamLog.Entry;
import io.millrace.stream.TableChange;
import io.millrace.stream.TableStream;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;

/// A part of a shard that goes through a pipe by itself, in order: the records whose partition keys
/// fall to it when they are spread over `factor` slots (`ParallelizationFactor`). All records of a
/// partition key are in one slot.
record Slot(int shard, int factor, int index) {

    /// A shard as one.
    static Slot whole(int shard) {
        return new Slot(shard, 1, 0);
    }

    /// @param lane as [#lane] counts them
    static Slot ofLane(int lane, int factor) {
        int shard = lane / PipesLimits.PARALLELIZATION_MAX;
        return new Slot(shard, factor, lane % PipesLimits.PARALLELIZATION_MAX);
    }

    /// A number that no other slot of the factor has.
    int lane() {
        return shard * PipesLimits.PARALLELIZATION_MAX + index;
    }

    boolean has(int hash) {
        return Math.floorMod(hash, factor) == index;
    }

    /// Of a record's partition key; the same over restarts.
    static int hash(TableStream stream, Entry entry, ImageDecoder images) {
        String name = stream.keySchema().getFirst().attributeName();
        AttributeValue key =
                Objects.requireNonNull(images.decode(TableChange.keys(entry.payload())).get(name));
        return switch (key) {
            case AttributeValue.S(String text) -> text.hashCode();
            case AttributeValue.N(String number) -> number.hashCode();
            case AttributeValue.B(byte[] bytes) -> Arrays.hashCode(bytes);
            default -> throw new IllegalStateException("not a key: " + key);
        };
    }

    /// How far a slot is, durably.
    ///
    /// @param checkpoint null when it never got anywhere
    record Progress(Slot slot, @Nullable Checkpoint checkpoint) {
        static final Position END = new Position(Long.MAX_VALUE, 0);

        /// What is before it never comes again.
        Position position() {
            return checkpoint == null
                    ? Position.OLDEST
                    : checkpoint.done() ? END : checkpoint.position();
        }
    }
}
