package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.MemoryStore;
import io.millrace.engine.Store;
import io.millrace.engine.Watch;
import io.millrace.stream.StreamLog.Page;
import io.millrace.stream.TableChange.EventName;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

final class StreamLogTest {
    private static final int ALL = Integer.MAX_VALUE;

    private final Store store = new MemoryStore();
    private final StreamLog log = new StreamLog(42, 0);

    private void append(long millis, int count) {
        store.write(tx -> {
            for (int i = 0; i < count; i++) {
                byte[] entry = StreamLog.entry(millis, 1);
                entry[StreamLog.HEADER_BYTES] = (byte) i;
                log.append(tx, i, entry);
            }
            return true;
        });
    }

    private Page read(Position from, long oldestMillis) {
        return store.read(tx -> log.read(tx, from, ALL, ALL, oldestMillis));
    }

    private static List<Long> times(Page page) {
        return page.entries().stream().map(StreamLog.Entry::epochMillis).toList();
    }

    private void trim(long oldestMillis) {
        store.write(tx -> log.trim(tx, oldestMillis));
    }

    @Test
    void aReaderThatFollowsSeesEachRecordOnce() {
        Position position = Position.OLDEST;
        List<Long> seen = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            append(i, i % 3);
            Page page = read(position, 0);
            seen.addAll(times(page));
            position = page.next();
            assertThat(position).isNotNull();
        }

        assertThat(seen).isEqualTo(times(read(Position.OLDEST, 0))).hasSize(10);
    }

    @Test
    void findsTheHorizonWhereverItIs() {
        for (int i = 1; i <= 100; i++) {
            append(i, 1 + i % 2);
        }
        List<Long> all = times(read(Position.OLDEST, 0));

        for (int oldest = 0; oldest <= 102; oldest++) {
            long from = oldest;
            assertThat(times(read(Position.OLDEST, oldest)))
                    .isEqualTo(all.stream().filter(time -> time >= from).toList());
        }
    }

    @Test
    void trimmingTakesWhatIsOldAndKeepsTheRest() {
        for (int i = 1; i <= 10; i++) {
            append(i, 2);
        }
        Position fifth = read(Position.OLDEST, 0).entries().get(4).position();

        trim(6);

        assertThat(times(read(Position.OLDEST, 0))).hasSize(10).startsWith(6L);
        assertThatThrownBy(() -> read(fifth, 0)).isInstanceOf(StreamLog.TrimmedException.class);
        trim(100);
        assertThat(times(read(Position.OLDEST, 0))).isEmpty();
        append(200, 1);
        assertThat(times(read(Position.OLDEST, 0))).containsExactly(200L);
    }

    @Test
    void aClosedLogEnds() {
        store.write(tx -> {
            log.open(tx);
            return true;
        });
        append(1, 1);
        store.write(tx -> {
            log.close(tx);
            return true;
        });

        Page page = read(Position.OLDEST, 0);

        assertThat(page.entries()).hasSize(1);
        assertThat(page.next()).isNull();
        StreamLog.Bounds bounds = store.read(tx -> Objects.requireNonNull(log.bounds(tx)));
        assertThat(page.entries().getFirst().position()).isGreaterThan(bounds.first());
        assertThat(bounds.last()).isGreaterThan(page.entries().getFirst().position());
    }

    @Test
    void wakesAReaderThatWaits() throws InterruptedException {
        try (Watch watch = log.watch(store)) {
            append(1, 1);

            assertThat(watch.await(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void sequenceNumbersSortAsNumbersAndAsText() {
        List<Position> positions =
                List.of(
                        Position.OLDEST,
                        new Position(0, 1),
                        new Position(1, 0),
                        new Position(9, Position.INDEX_MAX),
                        new Position(10, 0),
                        new Position(Long.MAX_VALUE - 1, 7));

        List<String> texts = positions.stream().map(Position::sequenceNumber).toList();

        assertThat(texts).isSorted().allMatch(text -> text.matches("[0-9]{25}"));
        assertThat(texts.stream().map(text -> Position.parse(text).orElseThrow()))
                .isEqualTo(positions);
        assertThat(Position.parse("9".repeat(25))).isEmpty();
        assertThat(Position.parse("1" + "9".repeat(24))).isEmpty();
        assertThat(Position.parse("x".repeat(25))).isEmpty();
        assertThat(new Position(9, Position.INDEX_MAX).next()).isEqualTo(new Position(10, 0));
    }

    @Test
    void changesSurviveTheirEncoding() {
        TableChange change =
                new TableChange(
                        EventName.MODIFY, new byte[] {1}, null, new byte[] {2, 3}, 77, true);
        byte[] entry = change.entry(5);
        store.write(tx -> {
            log.append(tx, 0, entry);
            return true;
        });

        TableChange read =
                TableChange.read(read(Position.OLDEST, 0).entries().getFirst().payload());

        assertThat(read).usingRecursiveComparison().isEqualTo(change);
    }
}
