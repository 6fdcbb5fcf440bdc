package io.millrace.service.dynamodb.expression;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Test cases in a file beside the test, one a line, with comments behind `# `.
public final class DataFile {

    private DataFile() {}

    static List<String> lines(String name) {
        return lines(DataFile.class, name);
    }

    /// The file beside that test.
    public static List<String> lines(Class<?> test, String name) {
        try (InputStream file = test.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing");
            }
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.isEmpty() && !line.startsWith("# ")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
