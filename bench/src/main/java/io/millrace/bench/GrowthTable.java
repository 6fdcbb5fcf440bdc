package io.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What a series of the growth benchmark measured: as a file of its own, and with the others as a
/// page with a chart of each.
///
/// @param title what there was more and more of
/// @param how the run was made
record GrowthTable(String name, String title, String how, List<Row> rows) {
    private static final String CSV = ".csv";
    private static final String HEAD =
            "operation,rate,size,small,grown,smallCpuMicros,grownCpuMicros,p50Millis,p99Millis";

    /// One operation beside a size.
    ///
    /// @param rate whether it is operations a second, the more the better; else the less the better
    /// @param small what it was beside few, in the same minute
    /// @param grown what it was beside `size`
    /// @param smallCpuMicros what the server used for each; 0 where it was not measured
    record Row(
            String operation,
            boolean rate,
            long size,
            double small,
            double grown,
            double smallCpuMicros,
            double grownCpuMicros,
            double p50Millis,
            double p99Millis) {

        /// How often the cost is that beside few.
        double ratio() {
            return rate ? small / grown : grown / small;
        }

        String line() {
            return rate
                    ? "%-42s %,12d %,11.0f %,11.0f %7.2fx %8.1f %8.1f us CPU %8.2f %8.2f ms"
                            .formatted(
                                    operation,
                                    size,
                                    small,
                                    grown,
                                    ratio(),
                                    smallCpuMicros,
                                    grownCpuMicros,
                                    p50Millis,
                                    p99Millis)
                    : "%-42s %,12d %,11.2f %,11.2f".formatted(operation, size, small, grown);
        }

        private String markdown(String title) {
            return rate
                    ? String.format(
                            Locale.ROOT,
                            "| %s | %,d | %,.0f/s | %,.0f/s | %.2f | %.1f | %.1f | %.2f | %.2f |%n",
                            title,
                            size,
                            small,
                            grown,
                            ratio(),
                            smallCpuMicros,
                            grownCpuMicros,
                            p50Millis,
                            p99Millis)
                    : String.format(
                            Locale.ROOT,
                            "| %s | %,d | %,.2f | %,.2f | | | | | |%n",
                            title,
                            size,
                            small,
                            grown);
        }

        private String csv() {
            return String.format(
                    Locale.ROOT,
                    "\"%s\",%s,%d,%.3f,%.3f,%.2f,%.2f,%.3f,%.3f",
                    operation,
                    rate,
                    size,
                    small,
                    grown,
                    smallCpuMicros,
                    grownCpuMicros,
                    p50Millis,
                    p99Millis);
        }

        private static Row of(String line) {
            int quote = line.lastIndexOf('"');
            String[] cells = line.substring(quote + 2).split(",", -1);
            return new Row(
                    line.substring(1, quote),
                    Boolean.parseBoolean(cells[0]),
                    Long.parseLong(cells[1]),
                    Double.parseDouble(cells[2]),
                    Double.parseDouble(cells[3]),
                    Double.parseDouble(cells[4]),
                    Double.parseDouble(cells[5]),
                    Double.parseDouble(cells[6]),
                    Double.parseDouble(cells[7]));
        }
    }

    /// Writes its file and its chart, and the page of all that have a file there.
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<String> lines = new ArrayList<>(List.of("# " + title, "# " + how, HEAD));
        rows.forEach(row -> lines.add(row.csv()));
        Files.write(directory.resolve(name + CSV), lines);
        Files.writeString(directory.resolve(name + ".svg"), chart());
        Files.writeString(directory.resolve("README.md"), page(directory));
    }

    private static GrowthTable read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String name = file.getFileName().toString();
        return new GrowthTable(
                name.substring(0, name.length() - CSV.length()),
                lines.get(0).substring(2),
                lines.get(1).substring(2),
                lines.stream().skip(3).map(Row::of).toList());
    }

    private String chart() {
        Chart chart = new Chart("Cost beside that with few", title, "times");
        for (Row row : rows) {
            if (row.rate) {
                chart.add(row.operation, (double) row.size, row.ratio());
            }
        }
        return chart.svg();
    }

    private static String page(Path directory) throws IOException {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Growth

                        What an operation costs with the size of what it works on.
                        `./millrace bench growth --write` measures it and writes this page, its
                        charts and its figures; what is not flat is explained in
                        [Performance](../performance.md#growth). Two servers run in each series:
                        one has few, the other gets more and more, and they are measured in turns.
                        *Cost* is the time that an operation takes on the grown one, beside the
                        other: 1.00 is flat. At the first size both have the same: what differs
                        there is noise, and so is what differs no more elsewhere.
                        """);
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.toString().endsWith(CSV)).sorted().toList();
        }
        for (Path file : files) {
            read(file).section(page);
        }
        return page.toString();
    }

    private void section(StringBuilder page) {
        page.append("\n## ").append(title.substring(0, 1).toUpperCase(Locale.ROOT));
        page.append(title.substring(1)).append("\n\n").append(how).append("\n\n");
        page.append("![Cost with the number of %s](%s.svg)\n\n".formatted(title, name));
        page.append(
                "| operation | size | with few | grown | cost | CPU with few, µs | CPU grown, µs");
        page.append(" | p50 ms | p99 ms |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        String before = "";
        for (Row row : rows) {
            page.append(row.markdown(row.operation.equals(before) ? "" : row.operation));
            before = row.operation;
        }
    }
}
