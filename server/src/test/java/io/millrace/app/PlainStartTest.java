package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class PlainStartTest {

    @Test
    void readsTheOptions() {
        assertThat(of("start --port 0 --host ::1 --data d --region eu-west-1 --secure", Map.of()))
                .isEqualTo(new PlainStart(0, "::1", Path.of("d"), "eu-west-1", true));
        assertThat(of("start", Map.of())).isEqualTo(new PlainStart(null, null, null, null, false));
    }

    @Test
    void readsTheEnvironmentUnlessAnArgumentSaysOtherwise() {
        Map<String, String> environment =
                Map.of(
                        "MILLRACE_PORT",
                        "1",
                        "MILLRACE_DATA",
                        "there",
                        "MILLRACE_MASTER_KEY",
                        "k",
                        "HOME",
                        "h");

        assertThat(of("start --port 2", environment))
                .isEqualTo(new PlainStart(2, null, Path.of("there"), null, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "version",
                "start --help",
                "start -h",
                "start --port",
                "start --port x",
                "start --port 123456",
                "start --port=1",
                "start --port 1 --port 2",
                "start --data --secure",
                "start --data @file",
                "start --secure=true",
                "start --secure --secure",
                "start --s3 d",
                "start something"
            })
    void leavesToTheLibraryWhatIsNotPlain(String line) {
        assertThat(of(line, Map.of())).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MILLRACE_UNKNOWN", "MILLRACE_AUDIT", "MILLRACE_SECURE"})
    void leavesOtherKeysOfTheEnvironmentToTheLibrary(String key) {
        assertThat(of("start", Map.of(key, "true"))).isNull();
    }

    private static @Nullable PlainStart of(String line, Map<String, String> environment) {
        return PlainStart.of(
                line.isEmpty() ? List.of() : List.of(line.split(" ", -1)), environment);
    }
}
