package io.millrace.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.MemoryStore;
import io.millrace.engine.RocksStore;
import io.millrace.engine.Store;
import io.millrace.trace.Hop.Detail;
import io.millrace.trace.Hop.Kind;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// What is kept of hops, for how long, and how they are found again.
class TraceLogTest {
    private static final String BUS = "arn:aws:events:us-east-1:000000000000:event-bus/default";
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";

    private Instant now = Instant.parse("2026-03-04T05:06:07Z");

    @TempDir private Path folder;

    private TraceLog log(Store store) {
        return log(store, TraceOptions.DEFAULT);
    }

    private TraceLog log(Store store, TraceOptions options) {
        TraceLog log = new TraceLog(store, () -> now, new Ids(new Random(1)), options);
        log.start();
        return log;
    }

    private Hop hop(String id, @Nullable String link, Kind kind) {
        return new Hop(id, link, now.toEpochMilli(), kind, BUS, QUEUE, Map.of(Detail.SOURCE, "s"));
    }

    private static List<Kind> kinds(Store store, TraceLog log, String id) {
        return new TraceReader(store, log).find(id).hops().stream().map(Hop::kind).toList();
    }

    @Test
    void keepsWhatATransactionDidAndNothingOfOneThatFailed() {
        Store store = new MemoryStore();
        try (TraceLog log = log(store)) {
            store.write(tx -> {
                log.hop(tx, hop("a", null, Kind.ACCEPTED));
                List<Hop> later = log.begin(tx);
                return later.add(hop("a", null, Kind.DELIVERED));
            });
            try {
                store.write(tx -> {
                    log.hop(tx, hop("a", null, Kind.DROPPED));
                    throw new IllegalStateException("refused");
                });
            } catch (IllegalStateException _) {
                // as it should be
            }

            assertThat(kinds(store, log, "a")).containsExactly(Kind.ACCEPTED, Kind.DELIVERED);
        }
    }

    @Test
    void isThereAfterARestart() {
        Hop told = hop("a", "m", Kind.ACCEPTED);
        try (Store store = RocksStore.open(folder);
                TraceLog log = log(store)) {
            log.hop(told);
        }

        try (Store store = RocksStore.open(folder);
                TraceLog log = log(store)) {
            assertThat(new TraceReader(store, log).find("a").hops()).containsExactly(told);
        }
    }

    @Test
    void followsLinksInBothDirections() {
        Store store = new MemoryStore();
        try (TraceLog log = log(store)) {
            log.hops(
                    List.of(
                            hop("record", null, Kind.ACCEPTED),
                            hop("event", "record", Kind.CAME_FROM),
                            hop("other", null, Kind.ACCEPTED)));
            log.flush();
            log.hop(hop("event", "message", Kind.DELIVERED));

            for (String id : List.of("record", "event", "message")) {
                TraceReader.Found found = new TraceReader(store, log).find(id);
                assertThat(found.ids()).containsExactlyInAnyOrder("record", "event", "message");
                assertThat(found.hops())
                        .extracting(Hop::kind)
                        .containsExactly(Kind.ACCEPTED, Kind.CAME_FROM, Kind.DELIVERED);
                assertThat(found.complete()).isTrue();
            }
        }
    }

    @Test
    void forgetsAfterTheRetention() {
        Store store = new MemoryStore();
        try (TraceLog log = log(store)) {
            log.hop(hop("old", null, Kind.ACCEPTED));
            log.flush();
            now = now.plus(Duration.ofHours(23));
            log.hop(hop("new", null, Kind.ACCEPTED));
            assertThat(kinds(store, log, "old")).hasSize(1);

            now = now.plus(Duration.ofHours(2));

            assertThat(kinds(store, log, "old")).isEmpty();
            assertThat(kinds(store, log, "new")).hasSize(1);
        }
        try (TraceLog log = log(store)) { // a pass comes with the start
            Eventually.see("one block", () -> count(store), blocks -> blocks == 1);
            assertThat(kinds(store, log, "new")).hasSize(1);
        }
    }

    private static int count(Store store) {
        return store.read(snapshot -> {
            int count = 0;
            try (Cursor cursor = snapshot.prefix(TraceKeys.blocks())) {
                while (cursor.next()) {
                    count++;
                }
            }
            return count;
        });
    }

    @Test
    void givesBackAllBytesOfWhatItRemoves() {
        Store store = new MemoryStore();
        try (TraceLog log = log(store)) {
            for (int i = 0; i < 40; i++) {
                log.hop(hop("id" + i, null, Kind.ACCEPTED));
                log.flush();
            }
        }
        now = now.plus(Duration.ofDays(3));

        try (TraceLog log = log(store)) {
            Eventually.see("no block", () -> count(store), blocks -> blocks == 0);
            assertThat(log.isOn()).isTrue();
        }

        long bytes = store.read(s -> Bytes.counter(s.get(TraceKeys.bytes())));
        assertThat(bytes).isZero();
    }

    @Test
    void keepsNothingWhenItIsOff() {
        Store store = new MemoryStore();
        try (TraceLog log = log(store, new TraceOptions(Duration.ZERO))) {
            log.hop(hop("a", null, Kind.ACCEPTED));
            store.write(tx -> log.begin(tx).add(hop("a", null, Kind.ACCEPTED)));

            assertThat(kinds(store, log, "a")).isEmpty();
        }
        assertThat(count(store)).isZero();
    }

    @Test
    void losesAndCountsWhatComesFasterThanItIsWritten() {
        Store store = new MemoryStore();
        TraceLog log = new TraceLog(store, () -> now, new Ids(new Random(1)), TraceOptions.DEFAULT);
        List<Hop> many = new ArrayList<>();
        for (int i = 0; i < TraceLimits.PENDING_MAX; i++) {
            many.add(hop("a" + i, null, Kind.ACCEPTED));
        }

        log.hops(many); // nobody writes: it was not started
        log.hop(hop("b", null, Kind.ACCEPTED));

        assertThat(log.lostCount()).isEqualTo(1);
    }

    @Test
    @SuppressWarnings("NullAway") // the fault
    void aFaultOfTheWriterLosesHopsAndCountsThemAndNotThoseThatFollow() {
        Store store = new MemoryStore();
        Duration pause = Duration.ofMillis(1);
        try (TraceLog log =
                new TraceLog(
                        store, () -> now, new Ids(new Random(1)), TraceOptions.DEFAULT, pause)) {
            log.start();
            log.hop(new Hop("a", null, 0, Kind.ACCEPTED, null, null, Map.of()));
            assertThat(kinds(store, log, "a")).isEmpty();
            assertThat(log.lostCount()).isEqualTo(1);

            log.hop(hop("b", null, Kind.ACCEPTED));
            assertThat(kinds(store, log, "b")).containsExactly(Kind.ACCEPTED);
        }
    }

    @Test
    void listsWhatCameLastTheNewestFirst() {
        Store store = new MemoryStore();
        try (TraceLog log = log(store)) {
            for (String id : List.of("a", "b", "c")) {
                log.hops(List.of(hop(id, null, Kind.ACCEPTED), hop(id, null, Kind.MATCHED)));
            }
            TraceReader reader = new TraceReader(store, log);

            assertThat(reader.recent(BUS, "000000000000", 2))
                    .extracting(Hop::id)
                    .containsExactly("c", "b");
            assertThat(reader.recent("", "000000000000", 9)).hasSize(3);
            assertThat(reader.recent("", "111111111111", 9)).isEmpty();
            assertThat(reader.recent("arn:other", "000000000000", 9)).isEmpty();
        }
    }

    @Test
    void cutsLongTextsAndKeepsEverythingElse() {
        String body = "x".repeat(TraceLimits.DETAIL_CHARS_MAX + 1);
        Hop hop = Hop.of("a", 5, Kind.TRANSFORMED, BUS, Map.of(Detail.BODY, body, "é", "\0"));

        Hop read = TraceBlock.decode(TraceBlock.encode(List.of(hop)).bytes()).getFirst();

        assertThat(read.details().get(Detail.BODY)).endsWith("… (2049 characters)");
        assertThat(read.details()).containsEntry("é", "\0");
        assertThat(read.id()).isEqualTo("a");
        assertThat(read.to()).isNull();
    }

    @Test
    void aBlockEndsWhereItIsFull() {
        List<Hop> many = new ArrayList<>();
        List<Hop> large = new ArrayList<>();
        for (int i = 0; i < TraceLimits.BLOCK_HOPS_MAX + 3; i++) {
            String body = i + "x".repeat(TraceLimits.DETAIL_CHARS_MAX - 10);
            many.add(hop("a", null, Kind.ACCEPTED));
            large.add(Hop.of("a", 5, Kind.TRANSFORMED, BUS, Map.of(Detail.BODY, body)));
        }
        Store store = new MemoryStore();
        try (TraceLog log = log(store)) {
            log.hops(many);
            assertThat(kinds(store, log, "a")).isNotEmpty();
            int shortCount = count(store);
            log.hops(large);
            assertThat(kinds(store, log, "a")).isNotEmpty();

            assertThat(shortCount).isEqualTo(2);
            assertThat(count(store) - shortCount).isEqualTo(5); // of a MiB each, and the rest
        }
        TraceBlock.Encoded first = TraceBlock.encode(large);
        assertThat(TraceBlock.decode(first.bytes()))
                .hasSize(first.count())
                .isEqualTo(large.subList(0, first.count()));
    }

    @Test
    void readsTheRootOfATraceHeader() {
        assertThat(Hop.root("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"))
                .isEqualTo("1-5759e988-bd862e3fe1be46a994272793");
        assertThat(Hop.root("Self=1-2-3;Root=1-2-4")).isEqualTo("1-2-4");
        assertThat(Hop.root("Parent=53995c3f42cd8ad8")).isNull();
        assertThat(Hop.root(null)).isNull();
    }
}
