package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Bytes;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.MemoryStore;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.InstantSource;

final class SharedPayloadsTest {
    private static final int HOLDER = 0x70;

    private final MemoryStore store = new MemoryStore();
    private long nowMillis = 1_000_000_000;
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
    private final SharedPayloads payloads = new SharedPayloads(store, clock);

    @Test
    void isReadBesideItsHoldersAndRemovedAfterTheLast() {
        long stamp = put(7, 2);

        assertThat(read(stamp, 7)).containsExactly(1, 2, 3);
        passSeconds(5);
        assertThat(payloads.sweep()).isZero();
        release(stamp, 0);
        passSeconds(12);
        assertThat(payloads.sweep()).isZero();
        release(stamp, 1);
        passSeconds(47);
        assertThat(payloads.sweep()).isOne();
    }

    @Test
    void isLeftAloneUntilFourSecondsOld() {
        release(put(7, 1), 0);

        passSeconds(3);
        assertThat(payloads.sweep()).isZero();
        passSeconds(1);
        assertThat(payloads.sweep()).isOne();
    }

    @Test
    void isLookedAtAgainAfterARestartWhenItReachesTheNextAge() {
        release(put(7, 1), 0);
        passSeconds(5);

        SharedPayloads restarted = new SharedPayloads(store, clock);

        assertThat(restarted.sweep()).isZero();
        passSeconds(11);
        assertThat(restarted.sweep()).isOne();
    }

    @Test
    void isNotStoredWhenNothingHoldsIt() {
        put(7, 0);

        passSeconds(5);
        assertThat(payloads.sweep()).isZero();
    }

    @Test
    void removesMoreThanAPage() {
        for (int number = 0; number < 600; number++) {
            release(put(number, 1), 0);
        }

        passSeconds(4);
        assertThat(payloads.sweep()).isEqualTo(600);
    }

    private void passSeconds(long seconds) {
        nowMillis += seconds * 1000;
    }

    private long put(long number, int holderCount) {
        return store.commit(
                        tx -> {
                            SharedPayload payload = new SharedPayload(new byte[] {1, 2, 3}, number);
                            for (int i = 0; i < holderCount; i++) {
                                KeyWriter key = new KeyWriter(HOLDER).uint8(9).stamp().uint32(i);
                                tx.putStamped(key.toBytes(), key.stampOffset(), Bytes.EMPTY, -1);
                                payload.heldBy(key);
                            }
                            payload.put(tx, clock.millis());
                            return 0;
                        })
                .version();
    }

    private void release(long stamp, int holder) {
        store.<@Nullable Void>write(tx -> {
            tx.delete(new KeyWriter(HOLDER).uint8(9).uint64(stamp).uint32(holder).toBytes());
            return null;
        });
    }

    private byte[] read(long stamp, long number) {
        return store.read(snapshot -> SharedPayload.read(snapshot, stamp, number));
    }
}
