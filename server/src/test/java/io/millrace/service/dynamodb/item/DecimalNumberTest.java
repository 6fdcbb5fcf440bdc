package io.millrace.service.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.util.Random;

final class DecimalNumberTest {

    private static final String DIGITS_38 = "12345678901234567890123456789012345678";

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "+0, 0",
        "0.000, 0",
        "0e125, 0",
        "-0e-130, 0",
        "1, 1",
        "+3, 3",
        "-7, -7",
        "007, 7",
        "1.0, 1",
        "1e2, 100",
        "1E+2, 100",
        "1e-2, 0.01",
        ".123, 0.123",
        "5., 5",
        "-7.1234, -7.1234",
        "0001.23, 1.23",
        "-17e5, -1700000",
        "-0015.789e6, -15789000",
        "0.00100, 0.001",
        "100.0010, 100.001",
        "1000000000000000000000000000000000000000, 1000000000000000000000000000000000000000",
        "0000012345678901234567890123456789012345678, 12345678901234567890123456789012345678",
        "-00001.23456789012345678901234567890123456780000,"
                + " -1.2345678901234567890123456789012345678"
    })
    void answersNumbersWithoutExponentAndNeedlessZeros(String text, String normal) {
        assertThat(DecimalNumber.normal(text)).isEqualTo(normal);
        assertThat(DecimalNumber.parse(text)).hasToString(normal);
    }

    @Test
    void spansTheWholeRange() {
        String nines = "9".repeat(38);

        assertThat(DecimalNumber.normal("0009." + "9".repeat(37) + "0000e125"))
                .isEqualTo(nines + "0".repeat(88));
        assertThat(DecimalNumber.normal("-9." + "9".repeat(37) + "e125"))
                .isEqualTo("-" + nines + "0".repeat(88));
        assertThat(DecimalNumber.normal("0001.000e-130")).isEqualTo("0." + "0".repeat(129) + "1");
        assertThat(DecimalNumber.normal("-1e-130")).isEqualTo("-0." + "0".repeat(129) + "1");
        assertThat(DecimalNumber.normal("1e125")).isEqualTo("1" + "0".repeat(125));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "b",
                "NaN",
                "Infinity",
                "-Infinity",
                "dog",
                "-dog",
                " 1",
                "1 ",
                "1 2",
                "--1",
                "+-1",
                "1e",
                "1e+",
                "e5",
                ".",
                "-",
                "+",
                "1.2.3",
                "0x10",
                "1_000",
                "1,5",
                "1e2.5",
                "1d",
                "\u0661",
                "1e5 ",
                "1e9223372036854775808",
                "0e-9223372036854775808"
            })
    void refusesWhatIsNoNumber(String text) {
        assertThatThrownBy(() -> DecimalNumber.normal(text))
                .isInstanceOf(ServiceException.class)
                .hasMessage("The parameter cannot be converted to a numeric value: " + text);
    }

    @Test
    void refusesTheEmptyText() {
        assertThatThrownBy(() -> DecimalNumber.normal(""))
                .hasMessage("The parameter cannot be converted to a numeric value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "123456789012345678901234567890123456789",
                "-1.23456789012345678901234567890123456789",
                "314159265358979323846264338327950288419e30",
                "1000000000000000000000000000000000000.01"
            })
    void refusesMoreThan38SignificantDigits(String text) {
        assertThatThrownBy(() -> DecimalNumber.normal(text))
                .hasMessage("Attempting to store more than 38 significant digits in a Number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e126",
                "-1e126",
                "11e125",
                "1e2147483648",
                "1e99999999999",
                "0e126",
                "-0.00e126",
                "-1e9223372036854775807"
            })
    void refusesNumbersThatAreTooLarge(String text) {
        assertThatThrownBy(() -> DecimalNumber.normal(text))
                .hasMessage(
                        "Number overflow. Attempting to store a number with magnitude larger than"
                                + " supported range");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e-131",
                "-1e-131",
                "0.9e-130",
                "1e-99999999999",
                "0e-131",
                "1e-9223372036854775807"
            })
    void refusesNumbersThatAreTooSmall(String text) {
        assertThatThrownBy(() -> DecimalNumber.normal(text))
                .hasMessage(
                        "Number underflow. Attempting to store a number with magnitude smaller than"
                                + " supported range");
    }

    @Test
    void readsMillionsOfDigitsInNoTime() {
        String zeros = "0".repeat(2_000_000);

        assertThat(DecimalNumber.normal(zeros + "1." + zeros)).isEqualTo("1");
        assertThat(DecimalNumber.normal("0." + zeros)).isEqualTo("0");
        assertThatThrownBy(() -> DecimalNumber.normal("9".repeat(2_000_000)))
                .hasMessageStartingWith("Number overflow");
        assertThatThrownBy(() -> DecimalNumber.normal("0." + "9".repeat(2_000_000)))
                .hasMessageStartingWith("Attempting to store more than 38");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2, 3",
        "1, -1, 0",
        "1, 10000000000000000000000, 10000000000000000000001",
        "0.1, 0.2, 0.3",
        "9.99, 0.01, 10",
        "-5, 3, -2",
        "1e125, 1e125, 2e125",
        "1e-130, 1e-130, 2e-130",
        "1e37, 1, 10000000000000000000000000000000000001"
    })
    void addsExactly(String left, String right, String sum) {
        DecimalNumber a = DecimalNumber.parse(left);
        DecimalNumber b = DecimalNumber.parse(right);

        assertThat(a.plus(b)).isEqualTo(DecimalNumber.parse(sum));
        assertThat(b.plus(a)).isEqualTo(DecimalNumber.parse(sum));
        assertThat(a.plus(b).minus(b)).isEqualTo(a);
    }

    @ParameterizedTest
    @CsvSource({"9e125, 9e125", "1e50, 1", "-9e125, -9e125", "1, 1e-130"})
    void callsEverySumThatDoesNotFitAnOverflow(String left, String right) {
        DecimalNumber a = DecimalNumber.parse(left);
        DecimalNumber b = DecimalNumber.parse(right);

        assertThatThrownBy(() -> a.plus(b)).hasMessageStartingWith("Number overflow.");
    }

    /// Measured against AWS by a public conformance suite, by the byte at the item size limit.
    @ParameterizedTest
    @CsvSource({
        "0, 1", "1, 2", "12, 2", "123, 3", "1234, 3", DIGITS_38 + ", 20", "0042, 2", "100, 2",
        "1010, 3", "0.0000001, 2", "1E125, 2", "1E-100, 2", "1.5, 3", "15, 2", "1.2, 3", "1.200, 3",
        "1.234, 4", "3.14159, 5", "123456, 4", "100.5, 4", "0.15, 2", "-42, 3", "-0, 1"
    })
    void countsItsBytesAsAwsDoes(String text, int bytes) {
        assertThat(DecimalNumber.parse(text).sizeBytes()).isEqualTo(bytes);
    }

    @Test
    void isEqualByValueAndOrderedAsDecimals() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            String a = RandomValues.number(random);
            String b = random.nextInt(4) == 0 ? a + (a.contains(".") ? "0" : ".0") : null;
            b = b == null || a.contains("e") ? RandomValues.number(random) : b;

            int expected = Integer.signum(new BigDecimal(a).compareTo(new BigDecimal(b)));
            DecimalNumber left = DecimalNumber.parse(a);
            DecimalNumber right = DecimalNumber.parse(b);

            assertThat(Integer.signum(left.compareTo(right))).as(a + " " + b).isEqualTo(expected);
            assertThat(left.equals(right)).as(a + " " + b).isEqualTo(expected == 0);
            assertThat(new BigDecimal(left.toString())).isEqualByComparingTo(new BigDecimal(a));
        }
    }
}
