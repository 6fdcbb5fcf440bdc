package io.millrace.service.dynamodb.item;

import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Equality and order of attribute values, as conditions see them: numbers by value, sets without
/// order, strings by their UTF-8 bytes, binaries as unsigned bytes.
public final class Values {

    /// Longer texts are encoded faster, by many bytes at a time, than they are looked through.
    private static final int LOOPED_LENGTH_MAX = 32;

    private Values() {}

    public static boolean equal(
            Map<String, AttributeValue> left, Map<String, AttributeValue> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<String, AttributeValue> entry : left.entrySet()) {
            AttributeValue other = right.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    public static boolean equal(AttributeValue left, AttributeValue right) {
        return switch (left) {
            case AttributeValue.N(String a) ->
                    right instanceof AttributeValue.N(String b) && sameNumber(a, b);
            case AttributeValue.M(var a) -> right instanceof AttributeValue.M(var b) && equal(a, b);
            case AttributeValue.L(var a) -> right instanceof AttributeValue.L(var b) && equal(a, b);
            case AttributeValue.SS(var a) ->
                    right instanceof AttributeValue.SS(var b)
                            && a.size() == b.size()
                            && new HashSet<>(a).equals(new HashSet<>(b));
            case AttributeValue.NS(var a) ->
                    right instanceof AttributeValue.NS(var b)
                            && a.size() == b.size()
                            && numbers(a).equals(numbers(b));
            case AttributeValue.BS(var a) ->
                    right instanceof AttributeValue.BS(var b)
                            && a.size() == b.size()
                            && binaries(a).equals(binaries(b));
            case AttributeValue.S _,
                    AttributeValue.B _,
                    AttributeValue.Bool _,
                    AttributeValue.Null _ ->
                    left.equals(right);
        };
    }

    /// Negative, 0 or positive, or null where there is no order: different types, or neither
    /// strings, numbers nor binaries.
    public static @Nullable Integer compare(AttributeValue left, AttributeValue right) {
        return switch (left) {
            case AttributeValue.S(String a) when right instanceof AttributeValue.S(String b) ->
                    compare(a, b);
            case AttributeValue.N(String a) when right instanceof AttributeValue.N(String b) ->
                    compareNumbers(a, b);
            case AttributeValue.B(byte[] a) when right instanceof AttributeValue.B(byte[] b) ->
                    Arrays.compareUnsigned(a, b);
            default -> null;
        };
    }

    /// By UTF-8 bytes, which is by code point; `String.compareTo` differs beyond U+FFFF.
    public static int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean surrogates = Character.isSurrogate(a) != Character.isSurrogate(b);
                return surrogates ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    static int utf8Bytes(String text) {
        if (text.length() > LOOPED_LENGTH_MAX) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return text.length();
    }

    /// Binaries as a set that goes by their content.
    public static Set<byte[]> binaries(List<byte[]> values) {
        Set<byte[]> binaries = new TreeSet<>(Arrays::compareUnsigned);
        binaries.addAll(values);
        return binaries;
    }

    private static boolean equal(List<AttributeValue> left, List<AttributeValue> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!equal(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static int compareNumbers(String left, String right) {
        return DecimalNumber.isShortInteger(left) && DecimalNumber.isShortInteger(right)
                ? Long.compare(Long.parseLong(left), Long.parseLong(right))
                : DecimalNumber.parse(left).compareTo(DecimalNumber.parse(right));
    }

    private static boolean sameNumber(String left, String right) {
        return Objects.equals(left, right)
                || DecimalNumber.parse(left).equals(DecimalNumber.parse(right));
    }

    private static Set<String> numbers(List<String> texts) {
        Set<String> numbers = new HashSet<>();
        texts.forEach(text -> numbers.add(DecimalNumber.normal(text)));
        return numbers;
    }
}
