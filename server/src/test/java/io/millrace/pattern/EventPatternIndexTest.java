package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Counts work, not time: how many patterns an event is matched against in full.
final class EventPatternIndexTest {

    private static final int MANY = 20_000;

    private final EventPatternIndex<Integer> index = new EventPatternIndex<>();

    @Test
    void distinctNumericThresholdsNarrowToThoseThatHold() {
        for (int i = 0; i < MANY; i++) {
            put(
                    i,
                    """
                    {"source":["shop"],"detail":{"amount":[{"numeric":[">",%d,"<=",%d]}]}}
                    """
                            .formatted(i, i + 1));
        }

        EventPatternFields event = event("{\"source\":\"shop\",\"detail\":{\"amount\":777.5}}");

        assertThat(index.match(event)).containsExactly(777);
        assertThat(index.candidates(event)).hasSizeLessThan(40);
    }

    @Test
    void openThresholdsNarrowFromBothSides() {
        for (int i = 0; i < MANY; i++) {
            put(2 * i, "{\"detail\":{\"n\":[{\"numeric\":[\">=\",%d]}]}}".formatted(i));
            put(2 * i + 1, "{\"detail\":{\"m\":[{\"numeric\":[\"<\",%d]}]}}".formatted(i));
        }

        assertThat(index.match(event("{\"detail\":{\"n\":2}}"))).containsExactlyInAnyOrder(0, 2, 4);
        assertThat(index.match(event("{\"detail\":{\"m\":19998}}"))).containsExactly(39_999);
        assertThat(index.candidates(event("{\"detail\":{\"n\":2}}"))).hasSizeLessThan(40);
    }

    @Test
    void patternsSpreadByWhatTellsThemApart() {
        for (int i = 0; i < MANY; i++) {
            put(
                    i,
                    """
                    {"source":["shop"],"detail-type":["Order"],"detail":{"state":["new","paid"],
                     "customer":["c%d"],"sku":[{"prefix":"s"}],"note":[{"anything-but":"x"}]}}
                    """
                            .formatted(i));
        }

        EventPatternFields event =
                event(
                        """
                        {"source":"shop","detail-type":"Order",
                         "detail":{"state":"paid","customer":"c4711","sku":"s1","note":"y"}}
                        """);

        assertThat(index.match(event)).containsExactly(4711);
        assertThat(index.candidates(event)).hasSizeLessThan(60);
    }

    @Test
    void rangesBelowACommonValueAreStillNarrowedByIt() {
        for (int i = 0; i < MANY; i++) {
            put(
                    i,
                    "{\"source\":[\"s%d\"],\"detail\":{\"n\":[{\"numeric\":[\">\",%d]}]}}"
                            .formatted(i % 100, i));
        }

        EventPatternFields event = event("{\"source\":\"s42\",\"detail\":{\"n\":143}}");

        assertThat(index.match(event)).containsExactlyInAnyOrder(42, 142);
        assertThat(index.candidates(event)).hasSizeLessThan(40);
    }

    @Test
    void aPatternWithThousandsOfValuesDoesNotMultiply() {
        StringBuilder values = new StringBuilder("\"v0\"");
        for (int i = 1; i < 400; i++) {
            values.append(",\"v").append(i).append('"');
        }
        for (int i = 0; i < 100; i++) {
            put(i, "{\"a\":[%s],\"b\":[%s],\"c\":[\"%d\"]}".formatted(values, values, i));
        }

        assertThat(index.placeCount()).isLessThan(1000);
        assertThat(index.match(event("{\"a\":\"v1\",\"b\":\"v2\",\"c\":\"7\"}")))
                .containsExactly(7);
    }

    @Test
    void replacingAPatternLeavesNothingOfTheOldOne() {
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < 100; i++) {
                put(i, "{\"a\":[\"%d\"],\"n\":[{\"numeric\":[\"<\",%d]}]}".formatted(round, i));
            }
        }

        assertThat(index.size()).isEqualTo(100);
        assertThat(index.placeCount()).isEqualTo(100);
        assertThat(index.match(event("{\"a\":\"48\",\"n\":-1}"))).isEmpty();
        assertThat(index.match(event("{\"a\":\"49\",\"n\":-1}"))).hasSize(100);
    }

    @Test
    void removingEverythingLeavesAnEmptyTree() {
        for (int i = 0; i < MANY; i++) {
            put(
                    i,
                    """
                    {"source":["s%d"],"$or":[{"n":[{"numeric":["<",%d]}]},{"k":["%d","x"]}]}
                    """
                            .formatted(i % 7, i, i));
        }

        for (int i = 0; i < MANY; i++) {
            index.remove(i);
        }

        assertThat(index.placeCount()).isZero();
        assertThat(index.structureSize()).isEqualTo(1);
        assertThat(index.match(event("{\"source\":\"s1\",\"k\":\"x\"}"))).isEmpty();
    }

    @Test
    void anEventOfManyElementsAgainstManyPatternsIsMatchedOnce() {
        put(1, "{\"items\":{\"sku\":[\"a\"],\"n\":[1]},\"$or\":[{\"x\":[1]},{\"y\":[1]}]}");

        assertThat(
                        index.match(
                                event(
                                        """
                                        {"items":[{"sku":"a","n":1},{"sku":"a","n":1}],"x":1,"y":1}
                                        """)))
                .containsExactly(1);
    }

    private void put(int key, String pattern) {
        index.put(key, EventPattern.parse(pattern));
    }

    private static EventPatternFields event(String json) {
        return EventPatternFields.of(json);
    }
}
