package io.millrace.engine;

import static io.millrace.engine.Entries.all;
import static io.millrace.engine.Entries.bytes;
import static io.millrace.engine.Entries.get;
import static io.millrace.engine.Entries.put;
import static io.millrace.engine.Entries.range;
import static io.millrace.engine.Snapshot.Direction.BACKWARD;
import static io.millrace.engine.Snapshot.Direction.FORWARD;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/// What one thread sees of a store.
interface ReadWriteContract {

    Store store();

    private void given(String... keys) {
        store().write(tx -> {
            for (String key : keys) {
                put(tx, key, key.toUpperCase(Locale.ROOT));
            }
            return 0;
        });
    }

    @Test
    default void readsWhatWasWritten() {
        given("a", "b");

        assertThat(get(store(), "a")).isEqualTo("A");
        assertThat(get(store(), "c")).isNull();
    }

    @Test
    default void ordersKeysAsUnsignedBytes() {
        store().write(tx -> {
            tx.put(new byte[] {(byte) 0xff}, bytes("high"));
            tx.put(new byte[] {0x7f}, bytes("low"));
            tx.put(new byte[] {0x7f, 0}, bytes("low-longer"));
            return 0;
        });

        List<String> values =
                store().read(snapshot -> {
                    List<String> found = new ArrayList<>();
                    try (Cursor cursor =
                            snapshot.range(Bytes.EMPTY, new byte[] {(byte) 0xff, 0}, FORWARD)) {
                        while (cursor.next()) {
                            found.add(new String(cursor.value(), UTF_8));
                        }
                    }
                    return found;
                });
        assertThat(values).containsExactly("low", "low-longer", "high");
    }

    @Test
    default void readsRangesInBothDirectionsWithoutTheirEnd() {
        given("a", "b", "c", "d");

        assertThat(store().<List<String>>read(s -> range(s, "b", "d", FORWARD)))
                .containsExactly("b=B", "c=C");
        assertThat(store().<List<String>>read(s -> range(s, "b", "d", BACKWARD)))
                .containsExactly("c=C", "b=B");
        assertThat(store().<List<String>>read(s -> range(s, "bb", "cc", BACKWARD)))
                .containsExactly("c=C");
        assertThat(store().<List<String>>read(s -> range(s, "d", "b", FORWARD))).isEmpty();
        assertThat(store().<List<String>>read(s -> range(s, "b", "b", BACKWARD))).isEmpty();
    }

    @Test
    default void readsItsOwnWritesInRangesOfBothDirections() {
        given("a", "b", "c", "d");

        store().write(tx -> {
            tx.delete(bytes("b"));
            put(tx, "bb", "own");
            put(tx, "c", "own");
            assertThat(range(tx, "a", "z", FORWARD))
                    .containsExactly("a=A", "bb=own", "c=own", "d=D");
            assertThat(range(tx, "a", "z", BACKWARD))
                    .containsExactly("d=D", "c=own", "bb=own", "a=A");
            assertThat(get(tx, "b")).isNull();
            assertThat(get(tx, "c")).isEqualTo("own");
            return 0;
        });
        assertThat(all(store())).containsExactly("a=A", "bb=own", "c=own", "d=D");
    }

    @Test
    default void readsItsOwnDeletedRanges() {
        given("a", "b", "c", "d");

        store().write(tx -> {
            put(tx, "bb", "before");
            tx.deleteRange(bytes("b"), bytes("d"));
            put(tx, "c", "after");
            assertThat(all(tx)).containsExactly("a=A", "c=after", "d=D");
            assertThat(range(tx, "a", "z", BACKWARD)).containsExactly("d=D", "c=after", "a=A");
            assertThat(get(tx, "b")).isNull();
            assertThat(get(tx, "bb")).isNull();
            return 0;
        });
        assertThat(all(store())).containsExactly("a=A", "c=after", "d=D");
    }

    @Test
    default void aCursorSeesWhatIsWrittenAheadOfItWhileItMoves() {
        given("a", "b", "c", "d");

        store().write(tx -> {
            try (Cursor cursor = tx.range(bytes("a"), bytes("z"), FORWARD)) {
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.next()).isTrue();
                assertThat(Entries.text(cursor)).isEqualTo("b=B");
                tx.delete(cursor.key());
                tx.delete(bytes("c"));
                put(tx, "aa", "behind");
                put(tx, "cc", "ahead");
                assertThat(cursor.next()).isTrue();
                assertThat(Entries.text(cursor)).isEqualTo("cc=ahead");
                assertThat(cursor.next()).isTrue();
                assertThat(Entries.text(cursor)).isEqualTo("d=D");
                assertThat(cursor.next()).isFalse();
                assertThat(cursor.next()).isFalse();
            }
            return 0;
        });
        assertThat(all(store())).containsExactly("a=A", "aa=behind", "cc=ahead", "d=D");
    }

    @Test
    default void countersAddUpAndAreReadInTheirOwnTransaction() {
        store().write(tx -> {
            tx.add(bytes("n"), 5);
            tx.add(bytes("n"), -7);
            assertThat(Bytes.counter(tx.get(bytes("n")))).isEqualTo(-2);
            return 0;
        });
        store().write(tx -> {
            tx.add(bytes("n"), 44);
            assertThat(Bytes.counter(tx.get(bytes("n")))).isEqualTo(42);
            try (Cursor cursor = tx.prefix(bytes("n"))) {
                assertThat(cursor.next()).isTrue();
                assertThat(Bytes.counter(cursor.value())).isEqualTo(42);
            }
            return 0;
        });

        assertThat(Entries.counter(store(), "n")).isEqualTo(42);
    }

    @Test
    default void aCounterBeginsAnewAfterItsDeletion() {
        store().write(tx -> addAll(tx, 5));
        store().write(tx -> {
            tx.delete(bytes("n"));
            tx.add(bytes("n"), 1);
            tx.deleteRange(bytes("m"), bytes("mm"));
            tx.add(bytes("m"), 2);
            assertThat(Bytes.counter(tx.get(bytes("m")))).isEqualTo(2);
            return 0;
        });

        assertThat(Entries.counter(store(), "n")).isEqualTo(1);
        assertThat(Entries.counter(store(), "m")).isEqualTo(2);
    }

    private static int addAll(Transaction tx, long delta) {
        tx.add(bytes("n"), delta);
        tx.add(bytes("m"), delta);
        return 0;
    }

    @Test
    default void stampsKeysAndValuesWithTheCommitsVersion() {
        KeyWriter key = new KeyWriter('k').string("log").stamp().uint8(9);
        byte[] template = key.toBytes();
        Store.Committed<Integer> committed =
                store().commit(tx -> {
                    tx.putStamped(template, key.stampOffset(), new byte[12], 4);
                    tx.putStamped(bytes("v"), Transaction.NO_STAMP, new byte[8], 0);
                    assertThat(tx.get(template)).isNull();
                    assertThat(tx.get(bytes("v"))).isNull();
                    assertThat(all(tx)).isEmpty();
                    return 1;
                });

        byte[] expected =
                new KeyWriter('k').string("log").uint64(committed.version()).uint8(9).toBytes();
        store().<Integer>read(snapshot -> {
            byte[] value = snapshot.get(expected);
            assertThat(value).isNotNull();
            assertThat(Bytes.readLong(Objects.requireNonNull(value), 4))
                    .isEqualTo(committed.version());
            byte[] stamp = new byte[Long.BYTES];
            Bytes.writeLong(stamp, 0, committed.version());
            assertThat(snapshot.get(bytes("v"))).isEqualTo(stamp);
            return 0;
        });
        assertThat(template).isEqualTo(key.toBytes());
    }

    @Test
    default void aDeletedRangeTakesEarlierStampedEntriesAwayAndLeavesLaterOnes() {
        store().write(tx -> {
            stamp(tx, 1);
            tx.deleteRange(new byte[] {'k'}, new byte[] {'l'});
            stamp(tx, 2);
            return 0;
        });

        int[] last =
                store().read(snapshot -> {
                    int[] found = new int[2];
                    try (Cursor cursor = snapshot.prefix(new byte[] {'k'})) {
                        while (cursor.next()) {
                            found[0]++;
                            found[1] = cursor.key()[9];
                        }
                    }
                    return found;
                });
        assertThat(last).containsExactly(1, 2);
    }

    @Test
    default void tellsWhatItPutsFirstAtStampedKeysUnderAPrefix() {
        store().write(tx -> {
            KeyWriter key = new KeyWriter('k').string("log").stamp();
            byte[] prefix = new KeyWriter('k').string("log").toBytes();
            tx.put(key.toBytes(), bytes("plain"));
            tx.putStamped(prefix, Transaction.NO_STAMP, new byte[8], 0);
            assertThat(tx.firstStamped(prefix)).isNull();
            tx.putStamped(key.toBytes(), key.stampOffset(), bytes("1"), Transaction.NO_STAMP);
            tx.putStamped(key.toBytes(), key.stampOffset(), bytes("2"), Transaction.NO_STAMP);
            assertThat(tx.firstStamped(prefix)).isEqualTo(bytes("1"));
            assertThat(tx.firstStamped(new KeyWriter('k').string("logs").toBytes())).isNull();
            return 0;
        });
        store().write(tx -> {
            assertThat(tx.firstStamped(new byte[] {'k'})).isNull();
            return 0;
        });
    }

    private static void stamp(Transaction tx, int suffix) {
        KeyWriter key = new KeyWriter('k').stamp().uint8(suffix);
        tx.putStamped(key.toBytes(), key.stampOffset(), Bytes.EMPTY, Transaction.NO_STAMP);
    }

    @Test
    default void versionsRiseAndASnapshotKnowsTheNewest() {
        long first = store().commit(tx -> addAll(tx, 1)).version();
        long second = store().commit(tx -> addAll(tx, 1)).version();

        assertThat(second).isGreaterThan(first);
        assertThat(store().<Long>read(Snapshot::version)).isEqualTo(second);
        assertThat(store().commit(Snapshot::version))
                .isEqualTo(new Store.Committed<>(second, second));
    }

    @Test
    default void anExceptionReachesTheCallerAndWritesNothing() {
        given("a");
        IllegalStateException thrown = new IllegalStateException("mine");

        assertThatThrownBy(() ->
                        store().write(tx -> {
                            put(tx, "a", "other");
                            put(tx, "b", "other");
                            tx.add(bytes("n"), 1);
                            throw thrown;
                        }))
                .isSameAs(thrown);
        assertThat(all(store())).containsExactly("a=A");
    }

    @Test
    default void anErrorReachesTheCallerToo() {
        AssertionError thrown = new AssertionError("mine");

        assertThatThrownBy(() ->
                        store().write(tx -> {
                            put(tx, "a", "other");
                            throw thrown;
                        }))
                .isSameAs(thrown);
        assertThat(all(store())).isEmpty();
    }

    @Test
    default void refusesWhatExceedsItsLimits() {
        byte[] key = new byte[StoreLimits.KEY_BYTES_MAX + 1];
        byte[] value = new byte[StoreLimits.VALUE_BYTES_MAX];

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store().write(tx -> putAndReturn(tx, key, Bytes.EMPTY)))
                .withMessageContaining("key");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        store().write(tx ->
                                putAndReturn(tx, bytes("a"), new byte[value.length + 1])))
                .withMessageContaining("value");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        store().write(tx -> {
                            for (int i = 0; i < 5; i++) {
                                putAndReturn(tx, bytes("a" + i), value);
                            }
                            return 0;
                        }))
                .withMessageContaining("transaction");
        assertThat(all(store())).isEmpty();
    }

    private static int putAndReturn(Transaction tx, byte[] key, byte[] value) {
        tx.put(key, value);
        return 0;
    }

    @Test
    default void keepsTheLargestKeyAndValue() {
        byte[] key = new byte[StoreLimits.KEY_BYTES_MAX];
        byte[] value = new byte[StoreLimits.VALUE_BYTES_MAX];
        value[value.length - 1] = 7;

        store().write(tx -> putAndReturn(tx, key, value));

        assertThat(store().<Boolean>read(s -> Arrays.equals(s.get(key), value))).isTrue();
    }

    @Test
    default void refusesUseAfterTheEndOfABody() {
        given("a");
        AtomicReference<Snapshot> escaped = new AtomicReference<>();
        AtomicReference<Cursor> cursor = new AtomicReference<>();
        store().<Integer>read(snapshot -> {
            escaped.set(snapshot);
            cursor.set(snapshot.prefix(bytes("a")));
            return 0;
        });

        assertThatIllegalStateException().isThrownBy(() -> escaped.get().get(bytes("a")));
        assertThatIllegalStateException().isThrownBy(() -> escaped.get().prefix(bytes("a")));
        assertThatIllegalStateException().isThrownBy(() -> cursor.get().next());
        store().write(tx -> {
            escaped.set(tx);
            return 0;
        });
        assertThatIllegalStateException().isThrownBy(() -> escaped.get().get(bytes("a")));
    }

    @Test
    default void refusesATransactionInsideATransaction() {
        assertThatIllegalStateException()
                .isThrownBy(() -> store().write(_ -> store().<Long>read(Snapshot::version)));
        assertThatIllegalStateException()
                .isThrownBy(() -> store().write(_ -> store().write(Snapshot::version)));
    }

    @Test
    default void runsWhatComesAfterACommitOnceAndWithTheWriteVisible() {
        List<String> seen = new ArrayList<>();

        store().write(tx -> {
            put(tx, "a", "A");
            tx.afterCommit(() -> seen.add("first"));
            tx.afterCommit(() -> seen.add("second"));
            return seen.add("body");
        });
        store().write(tx -> {
            tx.afterCommit(() -> seen.add("read only"));
            return 0;
        });
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        store().write(tx -> {
                            tx.afterCommit(() -> seen.add("failed"));
                            throw new IllegalArgumentException();
                        }));

        assertThat(seen).containsExactly("body", "first", "second", "read only");
    }

    @Test
    default void settlesEachClaimOnceAsItsRunEnds() {
        List<String> seen = new ArrayList<>();

        Store.Committed<Integer> committed =
                store().commit(tx -> {
                    put(tx, "a", "A");
                    tx.claim(claim(seen));
                    return 0;
                });
        store().awaitDurable(committed.version());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        store().write(tx -> {
                            put(tx, "b", "B");
                            tx.claim(claim(seen));
                            throw new IllegalArgumentException();
                        }));

        assertThat(seen).containsExactly("committed " + committed.version(), "released");
    }

    @Test
    default void settlesEachClaimAlsoWhenAnotherFails() {
        List<String> seen = new ArrayList<>();
        Transaction.Claim failing =
                new Transaction.Claim() {
                    @Override
                    public void committed(long version) {
                        throw new InternalError("planted");
                    }

                    @Override
                    public void released() {
                        throw new InternalError("planted");
                    }
                };

        assertThatThrownBy(() ->
                        store().write(tx -> {
                            tx.claim(failing);
                            tx.claim(claim(seen));
                            return tx;
                        }))
                .isInstanceOf(InternalError.class);
        assertThatThrownBy(() ->
                        store().write(tx -> {
                            tx.claim(failing);
                            tx.claim(claim(seen));
                            throw new IllegalStateException("the body");
                        }))
                .isInstanceOf(InternalError.class);

        assertThat(seen).hasSize(2).last().isEqualTo("released");
    }

    static Transaction.Claim claim(List<String> seen) {
        return new Transaction.Claim() {
            @Override
            public void committed(long version) {
                seen.add("committed " + version);
            }

            @Override
            public void released() {
                seen.add("released");
            }
        };
    }

    @Test
    default void refusesEverythingOnceClosed() {
        store().close();

        assertThatThrownBy(() -> store().<Long>read(Snapshot::version))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> store().write(Snapshot::version))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
        store().close();
    }
}
