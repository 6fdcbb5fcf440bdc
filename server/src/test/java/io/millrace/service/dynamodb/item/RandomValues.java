package io.millrace.service.dynamodb.item;

import io.millrace.api.dynamodb.AttributeValue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/// Attribute values by seed, all acceptable to DynamoDB.
public final class RandomValues {

    private static final String[] CHARACTERS = {
        "a", "b", "", "\u0000", "#", "\u007f", "\u00e9", "\u4e2d", "\uffee", "\ud83d\ude00", "z"
    };

    private RandomValues() {}

    /// A number in any spelling.
    public static String number(Random random) {
        int digits = 1 + random.nextInt(random.nextInt(4) == 0 ? 38 : 4);
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
        int point = random.nextInt(3) == 0 ? 1 + random.nextInt(digits) : digits;
        for (int i = 0; i < digits; i++) {
            text.append(i == point ? "." : "").append(random.nextInt(10));
        }
        if (random.nextInt(4) == 0) {
            text.append("e").append(random.nextInt(160) - 80);
        }
        return text.toString();
    }

    public static String string(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(6);
        for (int i = 0; i < length; i++) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    public static byte[] binary(Random random) {
        byte[] bytes = new byte[random.nextInt(6)];
        for (int i = 0; i < bytes.length; i++) {
            int[] edges = {0, 1, 0x7f, 0x80, 0xff};
            bytes[i] = (byte) edges[random.nextInt(edges.length)];
        }
        return bytes;
    }

    public static Map<String, AttributeValue> item(Random random) {
        return map(random, 4);
    }

    public static AttributeValue value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 8)) {
            case 0 -> new AttributeValue.S(string(random));
            case 1 -> new AttributeValue.N(DecimalNumber.normal(number(random)));
            case 2 -> new AttributeValue.B(binary(random));
            case 3 -> new AttributeValue.SS(several(random, () -> string(random)));
            case 4 ->
                    new AttributeValue.NS(
                            several(random, () -> DecimalNumber.normal(number(random))));
            case 5 ->
                    new AttributeValue.BS(
                            List.copyOf(Values.binaries(several(random, () -> binary(random)))));
            case 6 -> new AttributeValue.Null(true);
            case 7 -> new AttributeValue.Bool(random.nextBoolean());
            case 8 -> new AttributeValue.M(map(random, depth - 1));
            default -> {
                List<AttributeValue> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield new AttributeValue.L(list);
            }
        };
    }

    private static Map<String, AttributeValue> map(Random random, int depth) {
        Map<String, AttributeValue> map = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            map.put(string(random) + i, value(random, depth));
        }
        return map;
    }

    private static <T> List<T> several(Random random, Supplier<T> element) {
        List<T> all = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            T next = element.get();
            if (!all.contains(next)) {
                all.add(next);
            }
        }
        return all;
    }
}
