package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the load benchmark measured, as lines and as a table in a document.
final class LoadTable {
    private static final String BEGIN = "<!-- bench: begin -->";
    private static final String END = "<!-- bench: end -->";

    /// One server in one scenario.
    ///
    /// @param ceiling operations a second of the HTTP ceiling, in the same rounds
    /// @param ours our operations a second; 0 when this is ours
    record Row(
            String scenario,
            String server,
            double perSecond,
            double p50Millis,
            double p99Millis,
            double ceiling,
            double ours) {

        String ofCeiling() {
            return "%.0f %%".formatted(100 * perSecond / ceiling);
        }

        String ratio() {
            return ours > 0 ? "%.2fx".formatted(ours / perSecond) : "";
        }

        String line() {
            return "%-22s %-15s %,10.0f %9.2f %9.2f %12s %10s"
                    .formatted(
                            scenario,
                            server,
                            perSecond,
                            p50Millis,
                            p99Millis,
                            ofCeiling(),
                            ratio());
        }
    }

    private final List<Row> rows = new ArrayList<>();

    void add(Row row) {
        rows.add(row);
    }

    /// Replaces what stands between the marks.
    ///
    /// @param how the run was made
    void write(Path document, String how) throws IOException {
        String text = Files.readString(document);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(document + " has no " + BEGIN + " … " + END);
        }
        Files.writeString(
                document,
                text.substring(0, begin + BEGIN.length())
                        + "\n"
                        + markdown(how)
                        + text.substring(end));
    }

    private String markdown(String how) {
        StringBuilder table = new StringBuilder();
        table.append(how).append(", interleaved; medians. ").append(machine()).append("\n\n");
        table.append("| scenario | server | operations/s | p50 ms | p99 ms |");
        table.append(" of the HTTP ceiling | ours is |\n|---|---|---:|---:|---:|---:|---:|\n");
        String before = "";
        for (Row row : rows) {
            table.append(
                    "| %s | %s | %,.0f | %.2f | %.2f | %s | %s |%n"
                            .formatted(
                                    row.scenario.equals(before) ? "" : "`" + row.scenario + "`",
                                    row.server,
                                    row.perSecond,
                                    row.p50Millis,
                                    row.p99Millis,
                                    row.ofCeiling(),
                                    row.ratio()));
            before = row.scenario;
        }
        return table.toString();
    }

    static String machine() {
        return "%d processors, %s %s, Java %s."
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch").toLowerCase(Locale.ROOT),
                        System.getProperty("java.version"));
    }
}
