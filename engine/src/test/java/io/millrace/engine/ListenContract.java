package io.millrace.engine;

import static io.millrace.engine.Entries.bytes;
import static io.millrace.engine.Entries.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// What listeners are told of, and when.
interface ListenContract {

    Store store();

    @Test
    default void tellsEntriesThatArePutByTheirFirstByteUntilItIsClosed() {
        List<String> told = new ArrayList<>();
        put(store(), "a0", "before");
        try (Store.Listening _ = store().listen('a', (key, value) -> told.add(text(key, value)))) {
            store().write(tx -> {
                put(tx, "a2", "x");
                put(tx, "a1", "y");
                put(tx, "b1", "z");
                tx.delete(bytes("a0"));
                tx.add(bytes("a3"), 1);
                tx.deleteRange(bytes("a4"), bytes("a5"));
                return 0;
            });
        }
        put(store(), "a1", "behind");

        assertThat(told).containsExactlyInAnyOrder("a2=x", "a1=y");
    }

    @Test
    default void tellsStampedKeysWithTheirStamps() {
        List<Long> told = new ArrayList<>();
        long version;
        try (Store.Listening _ =
                store().listen('a', (key, _) -> told.add(Bytes.readLong(key, 1)))) {
            version =
                    store().commit(
                                    tx -> {
                                        byte[] key = new byte[1 + Long.BYTES];
                                        key[0] = 'a';
                                        tx.deleteRange(bytes("a"), bytes("b"));
                                        tx.putStamped(key, 1, Bytes.EMPTY, Transaction.NO_STAMP);
                                        return 0;
                                    })
                            .version();
        }

        assertThat(told).containsExactly(version);
    }

    @Test
    default void tellsNothingOfWhatComesToNothing() {
        List<String> told = new ArrayList<>();
        try (Store.Listening _ = store().listen('a', (key, value) -> told.add(text(key, value)))) {
            assertThatThrownBy(() ->
                            store().write(tx -> {
                                put(tx, "a", "x");
                                throw new IllegalStateException("mine");
                            }))
                    .hasMessage("mine");
        }

        assertThat(told).isEmpty();
    }

    @Test
    default void whatIsSeenHasBeenTold() {
        int rounds = 2_000;
        AtomicLong told = new AtomicLong();
        try (Store.Listening _ =
                store().listen('a', (_, value) -> told.set(Bytes.readLong(value, 0)))) {
            Threads.<Integer>run(
                    2,
                    i ->
                            i == 0
                                    ? () -> {
                                        for (int n = 1; n <= rounds; n++) {
                                            byte[] value = new byte[Long.BYTES];
                                            Bytes.writeLong(value, 0, n);
                                            store().write(tx -> {
                                                tx.put(bytes("a"), value);
                                                return 0;
                                            });
                                        }
                                        return 0;
                                    }
                                    : () -> {
                                        long seen = 0;
                                        while (seen < rounds) {
                                            byte[] value =
                                                    store().<byte @Nullable []>peek(
                                                                    tx -> tx.get(bytes("a")));
                                            seen = value == null ? 0 : Bytes.readLong(value, 0);
                                            assertThat(told.get()).isGreaterThanOrEqualTo(seen);
                                        }
                                        return 0;
                                    });
        }
    }

    private static String text(byte[] key, byte[] value) {
        return new String(key, UTF_8) + "=" + new String(value, UTF_8);
    }
}
