package com.example.orders;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;

/// Shows how far a run is: a bar and the count of each hop, drawn over itself in a terminal, plain
/// lines anywhere else.
final class Screen {

    private static final int BAR_WIDTH = 40;
    private static final Duration PLAIN_PAUSE = Duration.ofSeconds(1);
    private static final Duration TERMINAL_PAUSE = Duration.ofMillis(100);

    private final PrintStream out;
    private final boolean terminal;
    private int drawnLines;

    Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    Duration pause() {
        return terminal ? TERMINAL_PAUSE : PLAIN_PAUSE;
    }

    /// Says something that stays.
    void say(String line) {
        clear();
        out.println(line);
        out.flush();
    }

    void draw(Tracker tracker, Map<String, Integer> expected) {
        if (!terminal) {
            StringBuilder line = new StringBuilder();
            tracker.hops()
                    .forEach((name, hop) ->
                            line.append(name).append(' ').append(hop.count()).append("  "));
            out.println(line.toString().strip());
            return;
        }
        clear();
        tracker.hops()
                .forEach((name, hop) -> {
                    int total = Math.max(1, expected.getOrDefault(name, 0));
                    int filled = Math.min(BAR_WIDTH, BAR_WIDTH * hop.count() / total);
                    out.printf(
                            "  %-12s %s%s %6d / %d%n",
                            name,
                            "█".repeat(filled),
                            "░".repeat(BAR_WIDTH - filled),
                            hop.count(),
                            total);
                    drawnLines++;
                });
        out.flush();
    }

    private void clear() {
        if (drawnLines > 0) {
            out.print("\u001b[" + drawnLines + "A\u001b[J");
            drawnLines = 0;
        }
    }
}
