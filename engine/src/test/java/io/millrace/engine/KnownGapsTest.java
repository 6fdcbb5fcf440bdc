package io.millrace.engine;

import static io.millrace.engine.Entries.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

final class KnownGapsTest {
    private final KnownGaps gaps = new KnownGaps(2);

    @Test
    void onePlaceHasToBeSlowTwice() {
        assertThat(gaps.isLearned(bytes("b"))).isFalse();
        assertThat(gaps.isLearned(bytes("c"))).isFalse();
        assertThat(gaps.isLearned(bytes("b"))).isTrue();
        assertThat(gaps.isLearned(bytes("b"))).isFalse();
        assertThat(new KnownGaps(1).isLearned(bytes("b"))).isTrue();
    }

    @Test
    void holdsForItsVersionAndLaterOnes() {
        gaps.add(bytes("b"), bytes("d"), 5);

        assertThat(end("b", 5)).isEqualTo("d");
        assertThat(end("c", 6)).isEqualTo("d");
        assertThat(end("c", 4)).isNull();
        assertThat(end("a", 5)).isNull();
        assertThat(end("d", 5)).isNull();
    }

    @Test
    void joinsWhatTouches() {
        gaps.add(bytes("b"), bytes("d"), 5);
        gaps.add(bytes("f"), bytes("h"), 6);
        gaps.add(bytes("d"), bytes("g"), 4);

        assertThat(end("b", 6)).isEqualTo("h");
        assertThat(end("b", 5)).isNull();
    }

    @Test
    void keepsALargerGapAroundASmallerOne() {
        gaps.add(bytes("b"), bytes("h"), 5);
        gaps.add(bytes("c"), bytes("d"), 5);

        assertThat(end("b", 5)).isEqualTo("h");
        assertThat(end("c", 5)).isEqualTo("h");
    }

    @Test
    void endsWhereSomethingIsWritten() {
        gaps.add(bytes("b"), bytes("h"), 5);
        gaps.remove(new byte[][] {bytes("a"), bytes("d"), bytes("h")});

        assertThat(end("b", 5)).isEqualTo("d");
        assertThat(end("e", 5)).isNull();
        gaps.remove(new byte[][] {bytes("b")});
        assertThat(gaps.isEmpty()).isTrue();
    }

    @Test
    void tellsWhetherARangeMayHaveAny() {
        gaps.add(bytes("b"), bytes("d"), 5);
        gaps.add(bytes("f"), bytes("h"), 5);

        assertThat(gaps.anyIn(bytes("a"), bytes("c"))).isTrue();
        assertThat(gaps.anyIn(bytes("c"), bytes("e"))).isTrue();
        assertThat(gaps.anyIn(bytes("a"), bytes("z"))).isTrue();
        assertThat(gaps.anyIn(bytes("a"), bytes("b"))).isFalse();
        assertThat(gaps.anyIn(bytes("d"), bytes("f"))).isFalse();
        assertThat(gaps.anyIn(bytes("h"), bytes("z"))).isFalse();
    }

    @Test
    void tellsWhereTheNextOneBegins() {
        gaps.add(bytes("b"), bytes("d"), 5);
        gaps.add(bytes("f"), bytes("h"), 5);

        assertThat(gaps.nextStart(bytes("b"))).isEqualTo(bytes("f"));
        assertThat(gaps.nextStart(bytes("a"))).isEqualTo(bytes("b"));
        assertThat(gaps.nextStart(bytes("f"))).isNull();
    }

    private @Nullable String end(String key, long version) {
        byte[] end = gaps.end(bytes(key), version);
        return end == null ? null : new String(end, StandardCharsets.UTF_8);
    }
}
