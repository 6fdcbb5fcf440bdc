package io.millrace.service.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

final class PlainNumberTest {

    @Test
    void agreesWithTheNumberItself() {
        Random random = new Random(41);
        for (int i = 0; i < 100_000; i++) {
            agrees(RandomValues.number(random));
            agrees(text(random));
        }
    }

    /// Few digits, many zeros, points and signs wherever they may not be.
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(9); count > 0; count--) {
            text.append("0001259.-".charAt(random.nextInt(9)));
        }
        return text.toString();
    }

    private static void agrees(String text) {
        DecimalNumber number;
        try {
            number = DecimalNumber.parse(text);
        } catch (ServiceException _) {
            assertThat(PlainNumber.isNormal(text)).as(text).isFalse();
            return;
        }
        assertThat(PlainNumber.isNormal(text)).as(text).isEqualTo(number.toString().equals(text));
        assertThat(PlainNumber.sizeBytes(text)).as(text).isEqualTo(number.sizeBytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "10",
                "100",
                "1200",
                "0.5",
                "-0.05",
                "0.0012",
                "1.5",
                "12.25",
                "1000.01",
                "99999999999999999999999999999999999999",
                "0.12345678901234567890123456789012345678",
                "-9.9999999999999999999999999999999999999",
                "1299.95",
                "123456789012345678"
            })
    void readsTheSizeOffTheText(String text) {
        agrees(text);
    }
}
