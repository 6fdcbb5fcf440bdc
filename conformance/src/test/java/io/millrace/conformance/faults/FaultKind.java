package io.millrace.conformance.faults;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What is broken in a run.
enum FaultKind {
    KILL(8),
    POWER_LOSS(4),
    PAUSE(2),
    SLOW_SYNC(1),
    FAILED_SYNC(1),
    FULL_DISK(1),
    BIT_FLIP(1),
    CLOCK_FORWARD(1),
    CLOCK_BACK(1),
    SLOW_TARGET(1),
    DEAD_TARGET(1),
    HALF_OPEN_CLIENTS(1);

    /// How often it comes, among the others.
    final int weight;

    FaultKind(int weight) {
        this.weight = weight;
    }

    /// As the command line has it.
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @throws IllegalArgumentException for a word that is none
    static List<FaultKind> parse(String words) {
        return Arrays.stream(words.split(","))
                .map(word -> valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')))
                .toList();
    }
}
