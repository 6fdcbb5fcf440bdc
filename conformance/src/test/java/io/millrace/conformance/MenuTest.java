package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// The menu: what needs no build. What a started server's options do is tested in the server.
final class MenuTest {

    private record Answer(int status, String output) {}

    @TempDir private Path elsewhere;

    @Test
    void printsItsCommands() throws Exception {
        Answer answer = run(List.of(menu().toString(), "help"));

        assertThat(answer.status()).isZero();
        assertThat(answer.output())
                .contains("start", "explain", "trace", "demo", "test", "bench", "version");
    }

    @Test
    void refusesAnUnknownCommand() throws Exception {
        Answer answer = run(List.of(menu().toString(), "strat"));

        assertThat(answer.status()).isEqualTo(2);
        assertThat(answer.output()).contains("unknown command 'strat'");
    }

    @Test
    void worksThroughALinkFromAnyFolder() throws Exception {
        Path link = Files.createSymbolicLink(elsewhere.resolve("a link"), menu());

        Answer answer = run(List.of(link.toString(), "help"));

        assertThat(answer.status()).isZero();
    }

    @Test
    void buildsRecordWhatAStartNeeds() throws IOException {
        // a merge has taken this back twice, and nothing else would have noticed
        assertThat(menu()).content().contains("-XX:AOTCacheOutput=").contains("rehearse");
    }

    /// Written over, a library that a running server has mapped crashes it.
    @Test
    void buildsReplaceTheNativeLibrary() {
        assertThat(menu()).content().contains("mv -f \"$native\" \"$native_dir/$native\"");
    }

    private Answer run(List<String> command) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .directory(elsewhere.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Answer(process.exitValue(), output);
    }

    private static Path menu() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("millrace"))) { // ends at the root of the repository
            folder = Objects.requireNonNull(folder.getParent(), "not in the repository");
        }
        return folder.resolve("millrace");
    }
}
