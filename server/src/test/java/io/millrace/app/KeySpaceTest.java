package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The key pages say whose each first byte is, and under which there are counters.
class KeySpaceTest {
    private static final Pattern ROW = Pattern.compile("/// \\| `?([0-9a-f]{2})`?\\b.*");

    @Test
    void everyKeyOfEveryPageHasAnOwner() throws IOException {
        assertThat(firstBytes(""))
                .hasSizeGreaterThan(100)
                .allSatisfy(first ->
                        assertThat(KeySpace.owner(first))
                                .as("%02x", first)
                                .doesNotStartWith("keys of"));
    }

    /// A counter that was sealed when a directory was converted could not be added to any more.
    @Test
    void everyCounterOfEveryPageIsKnown() throws IOException {
        Set<Integer> known = new TreeSet<>();
        for (int first = 0; first < 256; first++) {
            if (KeySpace.mayCount(new byte[] {(byte) first})) {
                known.add(first);
            }
        }

        assertThat(known).isEqualTo(firstBytes("| counter"));
    }

    private static Set<Integer> firstBytes(String containing) throws IOException {
        Set<Integer> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path page : files.filter(f -> f.toString().endsWith("Keys.java")).toList()) {
                for (String line : Files.readAllLines(page)) {
                    Matcher row = ROW.matcher(line);
                    if (row.matches()
                            && line.contains(containing)
                            && !line.contains("never written")) {
                        found.add(HexFormat.fromHexDigits(row.group(1)));
                    }
                }
            }
        }
        return found;
    }
}
