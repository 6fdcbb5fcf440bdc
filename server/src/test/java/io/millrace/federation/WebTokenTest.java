package io.millrace.federation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.OptionalLong;

final class WebTokenTest {

    @ParameterizedTest
    @CsvSource({
        "1700000060,1700000060",
        "1700000060.9,1700000060",
        "1.7e9,1700000000",
        "-0.5,-1",
        "'\"1700000060\"',",
        "null,",
        "1e15,",
        "1e400,",
        "123456789012345678901234567890,"
    })
    void timesAreWholeSeconds(String claim, Long seconds) {
        WebToken token =
                WebToken.parse(
                                encode("{\"alg\": \"RS256\"}")
                                        + "."
                                        + encode("{\"exp\": " + claim + "}")
                                        + ".")
                        .orElseThrow();

        assertThat(token.seconds("exp"))
                .isEqualTo(seconds == null ? OptionalLong.empty() : OptionalLong.of(seconds));
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
