package io.millrace.service.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.Bytes;
import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

final class KeyCodecTest {

    @Test
    void sortsNumbersByValue() {
        Random random = new Random(11);
        for (int i = 0; i < 6_000; i++) {
            String a = RandomValues.number(random);
            String b = RandomValues.number(random);
            int expected = Integer.signum(new BigDecimal(a).compareTo(new BigDecimal(b)));

            int order =
                    Arrays.compareUnsigned(
                            bytes(new AttributeValue.N(a)), bytes(new AttributeValue.N(b)));

            assertThat(Integer.signum(order)).as(a + " against " + b).isEqualTo(expected);
        }
    }

    @Test
    void sortsNumbersAtTheEdges() {
        String[] ascending = {
            "-9.9999999999999999999999999999999999999E+125",
            "-1E125",
            "-101",
            "-100",
            "-99.99",
            "-99",
            "-10.5",
            "-10",
            "-9.5",
            "-1",
            "-0.99",
            "-0.1",
            "-1E-129",
            "-1E-130",
            "0",
            "1E-130",
            "1E-129",
            "0.1",
            "0.11",
            "0.99",
            "1",
            "9.5",
            "10",
            "10.5",
            "99",
            "100",
            "101",
            "1E125",
            "9.9999999999999999999999999999999999999E+125"
        };

        for (int i = 1; i < ascending.length; i++) {
            byte[] next = bytes(new AttributeValue.N(ascending[i]));
            assertThat(bytes(new AttributeValue.N(ascending[i - 1])))
                    .as(ascending[i - 1] + " before " + ascending[i])
                    .matches(one -> Arrays.compareUnsigned(one, next) < 0);
        }
    }

    @Test
    void sortsStringsByUtf8AndBinariesUnsigned() {
        Random random = new Random(12);
        for (int i = 0; i < 6_000; i++) {
            String a = RandomValues.string(random);
            String b = RandomValues.string(random);
            byte[] utf8A = a.getBytes(StandardCharsets.UTF_8);
            byte[] utf8B = b.getBytes(StandardCharsets.UTF_8);
            int expected = Integer.signum(Arrays.compareUnsigned(utf8A, utf8B));

            assertThat(order(new AttributeValue.S(a), new AttributeValue.S(b))).isEqualTo(expected);
            assertThat(order(new AttributeValue.B(utf8A), new AttributeValue.B(utf8B)))
                    .isEqualTo(expected);
            assertThat(Integer.signum(Values.compare(a, b))).isEqualTo(expected);
        }
    }

    @Test
    void readsBackWhatItWrote() {
        Random random = new Random(13);
        for (int i = 0; i < 2_000; i++) {
            AttributeValue number =
                    new AttributeValue.N(DecimalNumber.normal(RandomValues.number(random)));
            AttributeValue string = new AttributeValue.S(RandomValues.string(random));
            AttributeValue binary = new AttributeValue.B(RandomValues.binary(random));
            KeyWriter writer = new KeyWriter(1);
            KeyCodec.write(writer, number);
            KeyCodec.write(writer, string);
            KeyCodec.write(writer, number);
            KeyCodec.write(writer, binary);

            KeyReader reader = new KeyReader(writer.uint8(77).toBytes());

            assertThat(KeyCodec.read(reader, AttributeType.N)).isEqualTo(number);
            assertThat(KeyCodec.read(reader, AttributeType.S)).isEqualTo(string);
            assertThat(KeyCodec.read(reader, AttributeType.N)).isEqualTo(number);
            assertThat(KeyCodec.read(reader, AttributeType.B)).isEqualTo(binary);
            assertThat(reader.uint8()).isEqualTo(77);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", ".", "\u0000", "\u0001", "/", "~"})
    void keepsPartsApartWhateverTheyContain(String separator) {
        byte[] one = key("a", "b" + separator + "c");
        byte[] other = key("a" + separator + "b", "c");

        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void writesTheSameBytesAsAKeyWriter() {
        Random random = new Random(14);
        for (int i = 0; i < 1_000; i++) {
            AttributeValue value = new AttributeValue.S(RandomValues.string(random));
            KeyWriter writer = new KeyWriter(9);
            KeyCodec.write(writer, value);

            assertThat(KeyCodec.bytes(value)).isEqualTo(new KeyReader(writer.toBytes()).rest());
            assertThat(Bytes.startsWith(KeyCodec.bytes(value), KeyCodec.prefix(value))).isTrue();
        }
    }

    @Test
    void writesNumbersInAtMost22Bytes() {
        assertThat(bytes(new AttributeValue.N("9".repeat(38)))).hasSize(22);
        assertThat(bytes(new AttributeValue.N("0"))).hasSize(1);
        assertThat(bytes(new AttributeValue.N("7"))).hasSize(4);
    }

    @Test
    void refusesValuesThatAreNoKeys() {
        AttributeValue list = new AttributeValue.L(java.util.List.of());

        assertThatThrownBy(() -> KeyCodec.bytes(list)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyCodec.write(new KeyWriter(1), new AttributeValue.Null(true)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyCodec.prefix(new AttributeValue.N("1")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static int order(AttributeValue left, AttributeValue right) {
        return Integer.signum(Arrays.compareUnsigned(bytes(left), bytes(right)));
    }

    private static byte[] bytes(AttributeValue value) {
        return KeyCodec.bytes(value);
    }

    private static byte[] key(String partition, String sort) {
        KeyWriter writer = new KeyWriter(1);
        KeyCodec.write(writer, new AttributeValue.S(partition));
        KeyCodec.write(writer, new AttributeValue.S(sort));
        return writer.toBytes();
    }
}
