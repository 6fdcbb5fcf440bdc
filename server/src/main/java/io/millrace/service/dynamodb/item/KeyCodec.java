package io.millrace.service.dynamodb.item;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Key values as part of a store key: bytes that sort as DynamoDB sorts, and that end themselves,
/// so that another part may follow without running into them.
///
/// Strings (as UTF-8) and binaries are [KeyWriter]'s escaped parts. A number is: `01` negative,
/// `02` zero, `03` positive; then, for a number `0.d1 d2 d3 … × 10^e`, the exponent in one byte,
/// its digits in pairs, one byte each, and a last zero byte. All bytes behind the first are
/// inverted for negative numbers. At most 22 bytes.
public final class KeyCodec {

    private static final int NEGATIVE = 1;
    private static final int ZERO = 2;
    private static final int POSITIVE = 3;

    private KeyCodec() {}

    /// Appends the value.
    ///
    /// @param value a string, number or binary
    public static void write(KeyWriter key, AttributeValue value) {
        switch (value) {
            case AttributeValue.S(String text) -> key.string(text);
            case AttributeValue.B(byte[] binary) -> key.bytes(binary);
            case AttributeValue.N(String text) -> key.raw(bytes(DecimalNumber.parse(text)));
            default -> throw new IllegalArgumentException("no key value: " + value);
        }
    }

    /// Reads what [#write] wrote; a number in normal form.
    public static AttributeValue read(KeyReader key, AttributeType type) {
        return switch (type) {
            case S -> new AttributeValue.S(key.string());
            case B -> new AttributeValue.B(key.bytes());
            case N -> new AttributeValue.N(number(key).toString());
            case SS, NS, BS, M, L, NULL, BOOL ->
                    throw new IllegalArgumentException("no key type: " + type);
        };
    }

    /// The value as [#write] writes it.
    public static byte[] bytes(AttributeValue value) {
        return switch (value) {
            case AttributeValue.N(String text) -> bytes(DecimalNumber.parse(text));
            case AttributeValue.S(String text) ->
                    escaped(text.getBytes(StandardCharsets.UTF_8), true);
            case AttributeValue.B(byte[] binary) -> escaped(binary, true);
            default -> throw new IllegalArgumentException("no key value: " + value);
        };
    }

    /// What all values that begin with the string or binary begin with.
    public static byte[] prefix(AttributeValue value) {
        return switch (value) {
            case AttributeValue.S(String text) ->
                    escaped(text.getBytes(StandardCharsets.UTF_8), false);
            case AttributeValue.B(byte[] binary) -> escaped(binary, false);
            default -> throw new IllegalArgumentException("no prefix: " + value);
        };
    }

    static byte[] bytes(DecimalNumber number) {
        if (number.signum() == 0) {
            return new byte[] {ZERO};
        }
        int inversion = number.signum() < 0 ? 0xff : 0;
        String digits = number.digits();
        ByteArrayOutputStream out = new ByteArrayOutputStream(3 + digits.length() / 2 + 1);
        out.write(number.signum() < 0 ? NEGATIVE : POSITIVE);
        out.write((number.exponent() - DecimalNumber.EXPONENT_MIN) ^ inversion);
        for (int i = 0; i < digits.length(); i += 2) {
            int tens = digits.charAt(i) - '0';
            int ones = i + 1 < digits.length() ? digits.charAt(i + 1) - '0' : 0;
            out.write((tens * 10 + ones + 1) ^ inversion);
        }
        out.write(inversion);
        return out.toByteArray();
    }

    private static DecimalNumber number(KeyReader key) {
        int sign = key.uint8();
        if (sign == ZERO) {
            return DecimalNumber.of(0);
        }
        int inversion = sign == NEGATIVE ? 0xff : 0;
        int exponent = (key.uint8() ^ inversion) + DecimalNumber.EXPONENT_MIN;
        StringBuilder digits = new StringBuilder(DecimalNumber.DIGITS_MAX);
        int pair = (key.uint8() ^ inversion) - 1;
        while (pair >= 0) { // ends with the last byte, which every written number has
            digits.append((char) ('0' + pair / 10)).append((char) ('0' + pair % 10));
            pair = (key.uint8() ^ inversion) - 1;
        }
        return DecimalNumber.of(sign == NEGATIVE, digits.toString(), exponent);
    }

    private static byte[] escaped(byte[] bytes, boolean ended) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 2);
        for (byte b : bytes) {
            out.write(b);
            if (b == 0) {
                out.write(0xff);
            }
        }
        if (ended) {
            out.write(0);
            out.write(1);
        }
        return out.toByteArray();
    }
}
