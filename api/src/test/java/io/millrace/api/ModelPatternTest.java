package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Patterns as the models have them, and values that Java's own matcher dies of.
@Timeout(30)
final class ModelPatternTest {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Path MODELS = Path.of("models");
    private static final String HEADER = "^[ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*$";
    private static final String ENDPOINT =
            "^((%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@\\x26=+$,A-Za-z0-9])+)([).!';/?:,])?$";
    private static final String SOURCE =
            ".*(?=[/\\.\\-_A-Za-z0-9]+)((?!aws\\.).*)|(\\$(\\.[\\w/_-]+(\\[(\\d+|\\*)\\])*)*).*";

    private static Set<String> patterns() throws IOException {
        Set<String> patterns = new TreeSet<>();
        try (DirectoryStream<Path> models = Files.newDirectoryStream(MODELS, "*.json")) {
            for (Path model : models) {
                try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), model)) {
                    while (json.nextToken() != null) {
                        if ("pattern".equals(json.currentName()) && json.nextToken() != null) {
                            patterns.add(json.getString());
                        }
                    }
                }
            }
        }
        return patterns;
    }

    private static List<String> values() {
        return List.of("", "a", "a b", "arn:aws:a:b:1:c/d", "$.a[0]", "ü", "\u0000", "-", "x\n");
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void everyPatternOfTheModelsMatchesAsJavaMatchesAndEndsSoon(String text) {
        ModelPattern pattern = new ModelPattern(text);

        for (String value : values()) {
            assertThat(pattern.matches(value))
                    .as(value)
                    .isEqualTo(Pattern.compile(text).matcher(value).matches());
        }
        for (String part : List.of("x", " ", "a ", "%20", "a.", ".a[0]", "/a", "-", "/", "\n")) {
            for (String start : List.of("", "a", "$", "arn:aws:events:x:000000000000:a/b")) {
                pattern.matches(start + part.repeat(10_000) + "\n\u0080"); // comes to an end
            }
        }
    }

    @Test
    void aValueMayBeAsLongAsTheModelLetsItBe() {
        assertThat(new ModelPattern(ENDPOINT).matches("https://a.b/" + "x".repeat(2036))).isTrue();
        assertThat(new ModelPattern(ENDPOINT).matches("x".repeat(1_000_000))).isTrue();
        assertThat(new ModelPattern(HEADER).matches("a ".repeat(256) + "\u0080")).isFalse();
        assertThat(new ModelPattern(SOURCE).matches("$" + ".a".repeat(127))).isTrue();
    }
}
