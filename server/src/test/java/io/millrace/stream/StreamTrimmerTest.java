package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Cursor;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.stream.TableStream.KeyPart;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

final class StreamTrimmerTest {
    private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Arn TABLE =
            Arn.of("dynamodb", "us-east-1", "000000000000", "table/orders");

    private final Store store = new MemoryStore();
    private Instant now = BEGIN;
    private final StreamTrimmer trimmer =
            new StreamTrimmer(store, () -> now, StreamOptions.DEFAULT);

    private TableStream enable(long number) {
        return store.write(tx ->
                TableStreams.enable(
                        tx,
                        TABLE,
                        "orders",
                        "KEYS_ONLY",
                        List.of(new KeyPart("p", "HASH")),
                        number,
                        now));
    }

    private void append(TableStream stream) {
        byte[] entry = StreamLog.entry(now.toEpochMilli(), 0);
        store.write(tx -> {
            stream.log(0).append(tx, 0, entry);
            return true;
        });
    }

    private int keys() {
        return store.read(tx -> {
            int count = 0;
            try (Cursor cursor =
                    tx.range(
                            new byte[] {0x20},
                            new byte[] {0x30},
                            io.millrace.engine.Snapshot.Direction.FORWARD)) {
                while (cursor.next()) {
                    count++;
                }
            }
            return count;
        });
    }

    @Test
    void deletesWhatIsOlderThanADay() {
        TableStream stream = enable(1);
        append(stream);
        now = BEGIN.plus(Duration.ofHours(20));
        append(stream);
        int before = keys();

        now = BEGIN.plus(Duration.ofHours(30));
        trimmer.trim();

        assertThat(keys()).isEqualTo(before); // one record less, and the mark
        now = BEGIN.plus(Duration.ofHours(50));
        assertThat(trimmer.trim()).isEqualTo(1);
        assertThat(keys()).isEqualTo(before - 1);
    }

    @Test
    void removesAStreamADayAfterItsEnd() {
        TableStream stream = enable(1);
        append(stream);
        store.write(tx -> {
            TableStreams.disable(tx, stream, now);
            return true;
        });
        trimmer.trim();
        assertThat(keys()).isPositive();

        now = BEGIN.plus(Duration.ofHours(25));

        assertThat(trimmer.trim()).isZero();
        assertThat(keys()).isZero();
    }

    @Test
    void twoStreamsOfOneMomentHaveTwoLabels() {
        TableStream first = enable(1);
        TableStream second = enable(2);

        assertThat(first.label()).isEqualTo("2026-01-02T03:04:05.678");
        assertThat(second.label()).isEqualTo("2026-01-02T03:04:05.679");
    }

    @Test
    void endsWhenItIsClosed() {
        trimmer.start();
        enable(1);

        trimmer.close();

        assertThat(trimmer.trim()).isEqualTo(1);
    }
}
