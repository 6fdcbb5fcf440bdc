package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// The README's first session works as it is written, line by line, with the AWS CLI.
final class ReadmeSessionTest {

    private static final String BEGIN = "<!-- session:";
    private static final String END = "<!-- end of session -->";
    private static final String README_ENDPOINT = "http://127.0.0.1:4566";

    @Test
    void worksAsWritten() throws Exception {
        assumeTrue(hasCli(), "the AWS CLI is not on this machine");
        try (MillraceServer server = MillraceServer.start()) {
            String script = session().replace(README_ENDPOINT, server.endpoint().toString());

            String output = run("set -e\n" + script);

            assertThat(output)
                    .contains("\"Account\": \"000000000000\"")
                    .contains("\"TableName\": \"orders\"")
                    .contains("\"N\": \"42.5\"")
                    .contains("\"FailedEntryCount\": 0")
                    .contains("OrderPlaced");
        }
    }

    private static String session() throws IOException {
        String readme = Files.readString(root().resolve("README.md"));
        String marked = readme.substring(readme.indexOf(BEGIN), readme.indexOf(END));
        return marked.substring(marked.indexOf("```sh") + 5, marked.lastIndexOf("```"));
    }

    private static boolean hasCli() throws InterruptedException {
        try {
            return new ProcessBuilder("aws", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String run(String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).as(output).isZero();
        return output;
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("millrace"))) { // ends at the root of the repository
            folder = Objects.requireNonNull(folder.getParent(), "not in the repository");
        }
        return folder;
    }
}
