package io.millrace.engine;

import static io.millrace.engine.Entries.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

/// What the contract does not reach: snapshots of before, and bounds.
final class HotKeysTest {
    private final HotKeys hot = new HotKeys(2);
    private final HotKeys.Key key = new HotKeys.Key(bytes("key"));

    @Test
    void aSnapshotFromBeforeAnEntryFindsNothing() {
        hot.add(key, bytes("one"), 7);

        assertThat(hot.find(key, 6)).isNull();
        assertThat(Objects.requireNonNull(hot.find(key, 7)).value()).isEqualTo(bytes("one"));

        hot.put(bytes("key"), bytes("two"), 9);

        assertThat(hot.find(key, 8)).isNull();
        assertThat(Objects.requireNonNull(hot.find(key, 9)).value()).isEqualTo(bytes("two"));
    }

    @Test
    void knowsThatAKeyIsNotThere() {
        hot.add(key, bytes("one"), 7);

        hot.put(bytes("key"), null, 8);

        assertThat(Objects.requireNonNull(hot.find(key, 8)).value()).isNull();
    }

    @Test
    void aWriteAddsNothingThatIsNotReadOften() {
        hot.add(key, bytes("one"), 7);

        hot.put(bytes("other"), bytes("x"), 8);

        assertThat(hot.find(new HotKeys.Key(bytes("other")), 8)).isNull();
        assertThat(hot.counted(new HotKeys.Key(bytes("counter")), 1, 8)).isNull();
    }

    @Test
    void forgetsWhatARangeDeletes() {
        hot.add(key, bytes("one"), 7);

        hot.remove(List.of(), List.of(new WriteSet.Step.DeletedRange(bytes("k"), bytes("l"))));

        assertThat(hot.find(key, 9)).isNull();
    }

    @Test
    void counts() {
        hot.add(key, Bytes.counter(5), 7);

        assertThat(hot.counted(key, -7, 8)).isEqualTo(Bytes.counter(-2));
        assertThat(Objects.requireNonNull(hot.find(key, 8)).value()).isEqualTo(Bytes.counter(-2));
    }

    @Test
    void becomesHotByReadsThatAreNotTooFarApart() {
        assertThat(hot.warms(key, null)).isFalse();
        assertThat(hot.warms(key, null)).isTrue();
        assertThat(hot.warms(key, new byte[5000])).isFalse();
    }

    @Test
    void holdsNoMoreThanItsBound() {
        for (int i = 0; i < 5000; i++) {
            hot.add(new HotKeys.Key(bytes("key" + i)), bytes("x"), 1);
        }

        assertThat(hot.find(new HotKeys.Key(bytes("key4999")), 1)).isNotNull();
        assertThat(hot.find(new HotKeys.Key(bytes("key0")), 1)).isNull();
    }
}
