package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

final class JsonTextTest {
    private static final String ALPHABET = "ab\"\\\n\r\t\b\f\u0000\u001f\u007fäé€漢\ud83d\ude00";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aQuotedTextIsReadBackAndAsLongAsWasSaid(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] characters = ALPHABET.codePoints().toArray();
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.appendCodePoint(characters[random.nextInt(characters.length)]);
            }

            StringBuilder quoted = new StringBuilder();
            JsonText.quote(quoted, text.toString());

            assertThat(new JsonMapper().readValue(quoted.toString(), String.class))
                    .isEqualTo(text.toString());
            assertThat(quoted.toString().getBytes(StandardCharsets.UTF_8))
                    .hasSize(JsonText.length(text.toString()) + 2);
        }
    }

    @Test
    void whatQueuesRefuseHasNoLength() {
        for (String text : new String[] {"\ud83d", "\ude00", "a\ud83db", "\uffff", "\ufffe"}) {
            assertThat(JsonText.length(text)).isEqualTo(JsonText.NOT_FOR_QUEUES);
        }
    }
}
