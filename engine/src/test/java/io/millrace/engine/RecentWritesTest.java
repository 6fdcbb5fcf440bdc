package io.millrace.engine;

import static io.millrace.engine.Entries.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Objects;

/// What the contract does not reach: snapshots of before, and bounds.
final class RecentWritesTest {
    private final RecentWrites recent = new RecentWrites(4096);

    @Test
    void aSnapshotFromBeforeAWriteFindsNothing() {
        recent.put(bytes("key"), bytes("one"), 7);

        assertThat(isKnown("key", 6)).isFalse();
        assertThat(value("key", 7)).isEqualTo(bytes("one"));

        recent.put(bytes("key"), bytes("two"), 9);

        assertThat(isKnown("key", 8)).isFalse();
        assertThat(value("key", 9)).isEqualTo(bytes("two"));
    }

    @Test
    void forgetsWhatIsWrittenInAnotherWay() {
        recent.put(bytes("key"), bytes("one"), 7);

        recent.remove(bytes("key"));

        assertThat(isKnown("key", 9)).isFalse();
    }

    @Test
    void forgetsWhatARangeMayHaveDeleted() {
        recent.put(bytes("a"), bytes("x"), 7);
        recent.put(bytes("b1"), bytes("x"), 7);
        recent.put(bytes("b2"), bytes("x"), 8);
        recent.put(bytes("d"), bytes("x"), 7);

        recent.remove(new WriteSet.Step.DeletedRange(bytes("b"), bytes("c")), 8);
        recent.put(bytes("b3"), bytes("x"), 9);

        assertThat(isKnown("a", 9)).isTrue();
        assertThat(isKnown("b1", 9)).isFalse();
        assertThat(isKnown("b2", 9)).isFalse();
        assertThat(isKnown("b3", 9)).isTrue();
        assertThat(isKnown("d", 9)).isTrue();
    }

    @Test
    void holdsNoMoreThanItsBounds() {
        for (int i = 0; i < 5000; i++) {
            recent.put(bytes("key" + i), bytes("x"), i);
        }

        assertThat(isKnown("key4999", 5000)).isTrue();
        assertThat(isKnown("key904", 5000)).isTrue();
        assertThat(isKnown("key903", 5000)).isFalse();

        for (int i = 0; i < 1100; i++) {
            recent.put(bytes("large" + i), new byte[4096], 5000);
        }

        assertThat(isKnown("large1099", 5000)).isTrue();
        assertThat(isKnown("large10", 5000)).isFalse();
        recent.put(bytes("larger"), new byte[4097], 5000);
        assertThat(isKnown("larger", 5000)).isFalse();
    }

    @Test
    void whatIsWrittenAgainGoesByItsLastWrite() {
        recent.put(bytes("key"), bytes("one"), 1);
        for (int i = 0; i < 4000; i++) {
            recent.put(bytes("other" + i), bytes("x"), 2);
        }
        recent.put(bytes("key"), bytes("two"), 3);
        for (int i = 0; i < 200; i++) {
            recent.put(bytes("another" + i), bytes("x"), 4);
        }

        assertThat(value("key", 4)).isEqualTo(bytes("two"));
        assertThat(isKnown("other0", 4)).isFalse();
    }

    private boolean isKnown(String key, long version) {
        return recent.find(new HotKeys.Key(bytes(key)), version) != null;
    }

    private byte[] value(String key, long version) {
        HotKeys.Entry entry = recent.find(new HotKeys.Key(bytes(key)), version);
        return Objects.requireNonNull(Objects.requireNonNull(entry).value());
    }
}
