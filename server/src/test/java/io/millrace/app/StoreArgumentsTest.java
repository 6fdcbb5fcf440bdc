package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.engine.StoreOptions;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

class StoreArgumentsTest {

    @Test
    void dividesTheMemoryAmongMemtablesAndCache() {
        assertThat(options()).isEqualTo(StoreOptions.DEFAULT);
        assertThat(options("--store-memory", "256")).isEqualTo(StoreOptions.DEFAULT);
        assertThat(options("--store-memory", "48"))
                .isEqualTo(new StoreOptions(12 << 20, 12 << 20, 2));
        assertThat(options("--store-memory", "4096"))
                .isEqualTo(new StoreOptions(256 << 20, (4096L - 3 * 256) << 20, 2));
    }

    @Test
    void refusesWhatIsTooLittleOrTooMuch() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options("--store-memory", "15"))
                .withMessageContaining("--store-memory is 15, which is not between 16 and");
        assertThatIllegalArgumentException().isThrownBy(() -> options("--store-memory", "2000000"));
    }

    private static StoreOptions options(String... line) {
        StoreArguments arguments = new StoreArguments();
        new CommandLine(arguments).parseArgs(line);
        return arguments.options();
    }
}
