package io.millrace.service.dynamodb.item;

import io.millrace.api.dynamodb.AttributeValue;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which values DynamoDB accepts, and their normal form, in which they are stored and answered:
/// numbers without exponent or needless zeros. Empty strings and binaries are accepted here; for
/// key attributes the table refuses them. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html)
/// and the wording of public suites that were run against AWS.
public final class ItemRules {

    /// How deep a value may be, counting the attribute itself.
    public static final int DEPTH_MAX = 32;

    private ItemRules() {}

    /// The item in normal form; the same instance when it is in normal form already.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`, worded as DynamoDB words it
    public static Map<String, AttributeValue> normal(Map<String, AttributeValue> item) {
        return normal(item, 1);
    }

    /// The value in normal form; the same instance when it is in normal form already.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`, worded as DynamoDB words it
    public static AttributeValue normal(AttributeValue value) {
        return normal(value, 1);
    }

    /// Only the depth, of an item whose values have been checked before they were put together.
    public static void checkDepth(Map<String, AttributeValue> item) {
        item.values().forEach(value -> checkDepth(value, 1));
    }

    private static void checkDepth(AttributeValue value, int depth) {
        if (depth > DEPTH_MAX) {
            throw ItemErrors.tooDeep();
        }
        if (value instanceof AttributeValue.M(var map)) {
            map.values().forEach(element -> checkDepth(element, depth + 1));
        } else if (value instanceof AttributeValue.L(var list)) {
            list.forEach(element -> checkDepth(element, depth + 1));
        }
    }

    @SuppressWarnings("ReferenceEquality") // the same instance is what "nothing changed" means
    private static AttributeValue normal(AttributeValue value, int depth) {
        if (depth > DEPTH_MAX) {
            throw ItemErrors.tooDeep();
        }
        return switch (value) {
            case AttributeValue.S _, AttributeValue.B _, AttributeValue.Bool _ -> value;
            case AttributeValue.N(String text) -> number(value, text);
            case AttributeValue.Null(boolean isNull) -> {
                if (!isNull) {
                    throw ItemErrors.invalid(
                            "Null attribute value types must have the value of true");
                }
                yield value;
            }
            case AttributeValue.SS(var texts) -> stringSet(value, texts);
            case AttributeValue.NS(var texts) -> numberSet(texts);
            case AttributeValue.BS(var binaries) -> binarySet(value, binaries);
            case AttributeValue.M(var map) -> {
                Map<String, AttributeValue> normal = normal(map, depth + 1);
                yield normal == map ? value : new AttributeValue.M(normal);
            }
            case AttributeValue.L(var list) -> {
                List<AttributeValue> normal = normal(list, depth + 1);
                yield normal == list ? value : new AttributeValue.L(normal);
            }
        };
    }

    /// The same map when nothing changes, which is the usual case.
    @SuppressWarnings("ReferenceEquality") // the same instance is what "nothing changed" means
    private static Map<String, AttributeValue> normal(Map<String, AttributeValue> map, int depth) {
        Map<String, AttributeValue> changed = map;
        for (Map.Entry<String, AttributeValue> entry : map.entrySet()) {
            if (entry.getKey().isEmpty()) {
                throw ItemErrors.validation("Empty attribute name");
            }
            AttributeValue normal = normal(entry.getValue(), depth);
            if (normal != entry.getValue()) {
                if (changed == map) {
                    changed = new LinkedHashMap<>(map);
                }
                changed.put(entry.getKey(), normal);
            }
        }
        return changed;
    }

    @SuppressWarnings("ReferenceEquality") // the same instance is what "nothing changed" means
    private static List<AttributeValue> normal(List<AttributeValue> list, int depth) {
        List<AttributeValue> changed = list;
        for (int i = 0; i < list.size(); i++) {
            AttributeValue normal = normal(list.get(i), depth);
            if (normal != list.get(i)) {
                if (changed == list) {
                    changed = new ArrayList<>(list);
                }
                changed.set(i, normal);
            }
        }
        return changed;
    }

    private static AttributeValue number(AttributeValue value, String text) {
        String normal = DecimalNumber.normal(text);
        return normal.equals(text) ? value : new AttributeValue.N(normal);
    }

    private static AttributeValue stringSet(AttributeValue value, List<String> texts) {
        if (texts.isEmpty()) {
            throw ItemErrors.invalid("An string set  may not be empty");
        }
        if (new HashSet<>(texts).size() < texts.size()) {
            throw ItemErrors.invalid(
                    "Input collection [" + String.join(", ", texts) + "] contains duplicates.");
        }
        return value;
    }

    private static AttributeValue numberSet(List<String> texts) {
        if (texts.isEmpty()) {
            throw ItemErrors.invalid("An number set  may not be empty");
        }
        Set<String> normal = new HashSet<>();
        List<String> numbers = new ArrayList<>(texts.size());
        for (String text : texts) {
            numbers.add(DecimalNumber.normal(text));
            normal.add(numbers.getLast());
        }
        if (normal.size() < texts.size()) {
            throw ItemErrors.validation("Input collection contains duplicates");
        }
        return new AttributeValue.NS(numbers);
    }

    private static AttributeValue binarySet(AttributeValue value, List<byte[]> binaries) {
        if (binaries.isEmpty()) {
            throw ItemErrors.invalid("Binary sets should not be empty");
        }
        if (Values.binaries(binaries).size() < binaries.size()) {
            String all =
                    binaries.stream()
                            .map(Base64.getEncoder()::encodeToString)
                            .collect(Collectors.joining(", "));
            // no space before "of": so says AWS
            throw ItemErrors.invalid(
                    "Input collection [" + all + "]of type BS contains duplicates.");
        }
        return value;
    }
}
