package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The house rules that a machine can check, over every source file of the repository.
final class TidyTest {

    private static final int FILE_LINES_MAX = 500;
    private static final int LINE_CHARACTERS_MAX = 100;

    private static final Path ROOT = Repository.root();
    private static final Pattern BAD_NAME =
            Pattern.compile(
                    "\\w*((?<!Secrets)Manager|Helper|Util|Utils|Impl)|(Base|Abstract)[A-Z]\\w*");
    private static final Pattern LOOSE_END =
            Pattern.compile("\\b(" + "TO" + "DO|FIX" + "ME|XX" + "X)\\b|@Dis" + "abled\\b");
    private static final Pattern KEY_PREFIX =
            Pattern.compile("static final int \\w+ = (0x[0-9a-f]{2});");
    private static final Pattern OTHER_PLACE =
            Pattern.compile("https?://[^/ \"]*(mav" + "en|npm|deb" + "ian)[^/ \"]*/(?!POM|xsd)");

    @Test
    void noFileIsTooLong() {
        assertThat(javaFiles())
                .allSatisfy(file ->
                        assertThat(lines(file))
                                .as("%s", file)
                                .hasSizeLessThanOrEqualTo(FILE_LINES_MAX));
    }

    @Test
    void noLineIsTooLong() {
        List<String> longLines = new ArrayList<>();
        for (Path file : javaFiles()) {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                // a string or a link cannot always be cut
                String line = lines.get(i);
                if (line.length() > LINE_CHARACTERS_MAX
                        && !line.contains("\"")
                        && !line.contains("http")) {
                    longLines.add(file + ":" + (i + 1));
                }
            }
        }

        assertThat(longLines).isEmpty();
    }

    @Test
    void namesSayWhatThingsAre() {
        assertThat(javaFiles())
                .noneMatch(file ->
                        BAD_NAME.matcher(file.getFileName().toString().replace(".java", ""))
                                .matches());
    }

    @Test
    void thereAreNoLooseEnds() {
        assertThat(javaFiles()).noneMatch(file -> LOOSE_END.matcher(text(file)).find());
    }

    @Test
    void everyPackageSaysWhatItIs() {
        Set<Path> packages = new HashSet<>();
        javaFiles().stream()
                .filter(file -> file.toString().contains("src/main/java"))
                // the generator writes the page of the packages that it fills
                .filter(file -> !file.toString().contains("io/millrace/api/dynamodb"))
                .forEach(file -> packages.add(file.getParent()));

        assertThat(packages)
                .allSatisfy(folder -> {
                    Path info = folder.resolve("package-info.java");
                    assertThat(info).exists();
                    assertThat(text(info)).startsWith("///").contains("@NullMarked");
                });
    }

    /// Two services that wrote under one prefix would read each other's records.
    @Test
    void noKeyPrefixIsUsedTwice() {
        Map<String, Path> owners = new HashMap<>();
        for (Path file : javaFiles()) {
            if (file.toString().contains("src/main") && file.toString().endsWith("Keys.java")) {
                Matcher prefix = KEY_PREFIX.matcher(text(file));
                while (prefix.find()) {
                    assertThat(owners.put(prefix.group(1), file))
                            .as("another owner of %s than %s", prefix.group(1), file)
                            .isNull();
                }
            }
        }

        assertThat(owners).hasSizeGreaterThan(50);
    }

    @Test
    void noRegistryIsNamedAnywhere() {
        assertThat(files(".java", ".xml", ".md", ".sh", ".json", ".py", ".config"))
                .noneMatch(file -> OTHER_PLACE.matcher(text(file)).find());
    }

    private static List<Path> javaFiles() {
        return files(".java");
    }

    private static List<Path> files(String... endings) {
        try (Stream<Path> paths = Files.walk(ROOT)) {
            return paths.filter(Files::isRegularFile)
                    .filter(path -> {
                        String inside = ROOT.relativize(path).toString();
                        return !inside.contains("target/")
                                && !inside.startsWith("target-")
                                && !inside.startsWith(".")
                                && Stream.of(endings).anyMatch(inside::endsWith);
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
