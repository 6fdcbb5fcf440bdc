package io.millrace.conformance.faults;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What is broken in a run.
enum FaultKind {
    KILL(8, true),
    /// Another one as soon as the server has answered its first call.
    KILL_AT_FIRST_ANSWER(3, true),
    /// Another one while the server starts: reads its log back, writes files of it, compacts.
    KILL_IN_RECOVERY(3, true),
    POWER_LOSS(4, true),
    POWER_LOSS_IN_RECOVERY(2, true),
    PAUSE(2, false),
    SLOW_SYNC(1, false),
    FAILED_SYNC(1, true),
    FULL_DISK(1, true),
    BIT_FLIP(1, true),
    CLOCK_FORWARD(1, false),
    CLOCK_BACK(1, false),
    SLOW_TARGET(1, false),
    DEAD_TARGET(1, false),
    HALF_OPEN_CLIENTS(1, false);

    /// What ends the server's process, and lets it go on soon: of these a minute has room for many.
    /// And the clock, so that what recurs each minute does.
    static final List<FaultKind> DENSE =
            List.of(
                    KILL,
                    KILL_AT_FIRST_ANSWER,
                    KILL_IN_RECOVERY,
                    POWER_LOSS,
                    POWER_LOSS_IN_RECOVERY,
                    CLOCK_FORWARD);

    /// How often it comes, among the others.
    final int weight;

    /// Whether there is no server afterwards, until one is started.
    final boolean killsInTheEnd;

    FaultKind(int weight, boolean killsInTheEnd) {
        this.weight = weight;
        this.killsInTheEnd = killsInTheEnd;
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
