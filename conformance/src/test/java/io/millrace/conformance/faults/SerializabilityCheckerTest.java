package io.millrace.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.conformance.faults.Calls.Outcome;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/// Small histories of lists `x` and `y`, good and bad.
final class SerializabilityCheckerTest {
    private final SerializabilityChecker checker = new SerializabilityChecker();

    private void append(Map<String, Integer> appends, long begun, long ended) {
        checker.add(appends, Map.of(), Outcome.DONE, begun, ended);
    }

    private void read(Map<String, List<Integer>> reads, long begun, long ended) {
        checker.add(Map.of(), reads, Outcome.DONE, begun, ended);
    }

    @Test
    void acceptsWhatSomeOrderExplains() {
        append(Map.of("x", 1, "y", 1), 1, 4);
        append(Map.of("x", 2), 2, 5);
        read(Map.of("x", List.of(2), "y", List.of()), 3, 6);
        read(Map.of("x", List.of(2, 1), "y", List.of(1)), 7, 8);

        assertThat(checker.violations()).isEmpty();
    }

    @Test
    void acceptsWhatWasNotAnsweredThereOrNot() {
        checker.add(Map.of("x", 1), Map.of(), Outcome.UNKNOWN, 1, 2);
        checker.add(Map.of("x", 2), Map.of(), Outcome.UNKNOWN, 3, 4);
        read(Map.of("x", List.of()), 5, 6);
        read(Map.of("x", List.of(2)), 7, 8);

        assertThat(checker.violations()).isEmpty();
    }

    @Test
    void findsAHalfSeenTransaction() {
        append(Map.of("x", 1, "y", 1), 1, 10);
        read(Map.of("x", List.of(1), "y", List.of()), 2, 9);
        read(Map.of("x", List.of(1), "y", List.of(1)), 11, 12);

        assertThat(checker.violations())
                .singleElement()
                .asString()
                .startsWith("not serializable")
                .contains("-wr ", "-rw ");
    }

    @Test
    void findsTwoReadersThatSeeTwoWritersInDifferentOrders() {
        append(Map.of("x", 1), 1, 10);
        append(Map.of("y", 2), 2, 10);
        read(Map.of("x", List.of(1), "y", List.of()), 3, 9);
        read(Map.of("x", List.of(), "y", List.of(2)), 4, 9);
        read(Map.of("x", List.of(1), "y", List.of(2)), 11, 12);

        assertThat(checker.violations()).anyMatch(text -> text.startsWith("not serializable"));
    }

    @Test
    void findsAReadOfThePast() {
        append(Map.of("x", 1), 1, 2);
        read(Map.of("x", List.of()), 3, 4);
        read(Map.of("x", List.of(1)), 5, 6);

        assertThat(checker.violations())
                .singleElement()
                .asString()
                .contains("not serializable", "-time ");
    }

    @Test
    void findsALostUpdate() {
        checker.add(Map.of("x", 1), Map.of("x", List.of(1)), Outcome.DONE, 1, 4);
        checker.add(Map.of("x", 2), Map.of("x", List.of(2)), Outcome.DONE, 2, 3);
        read(Map.of("x", List.of(2)), 5, 6);

        assertThat(checker.violations())
                .anyMatch(text -> text.startsWith("two orders"))
                .anyMatch(text -> text.startsWith("lost append"));
    }

    @Test
    void findsWhatWasAppendedTwiceOrRefused() {
        append(Map.of("x", 1), 1, 2);
        checker.add(Map.of("x", 2), Map.of(), Outcome.REFUSED, 3, 4);
        read(Map.of("x", List.of(1, 1, 2)), 5, 6);

        assertThat(checker.violations())
                .anyMatch(text -> text.startsWith("appended twice"))
                .anyMatch(text -> text.startsWith("appended by nobody"));
    }
}
