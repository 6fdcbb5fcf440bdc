package io.millrace.service.dynamodb.partiql;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes attribute values of literals and parameters. A parameter may stand for a whole value, but
/// not inside a list, a set or a map.
final class ValueBinder {

    private static final String ROOT = "root";

    private final Parameters parameters;

    ValueBinder(Parameters parameters) {
        this.parameters = parameters;
    }

    /// The value in normal form.
    ///
    /// @throws ServiceException when the term is no value, or none that can be stored
    AttributeValue value(Term term) {
        return term instanceof Term.Parameter parameter
                ? parameters.get(parameter)
                : ItemRules.normal(value(term, 1, ROOT));
    }

    /// The item of an `INSERT`, in normal form.
    Map<String, AttributeValue> item(Term.Struct struct) {
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        for (Term.Field field : struct.fields()) {
            put(item, name(field, ROOT), value(field.value()), ROOT);
        }
        return ItemRules.normal(item);
    }

    private AttributeValue value(Term term, int depth, String key) {
        if (depth > ItemRules.DEPTH_MAX) {
            throw PartiqlErrors.of("Nesting Levels have exceeded supported limits under " + key);
        }
        return switch (term) {
            case Term.Literal(AttributeValue value, _) -> value;
            case Term.Sequence(List<Term> elements, _) -> {
                List<AttributeValue> values = new ArrayList<>();
                for (int i = 0; i < elements.size(); i++) {
                    values.add(value(elements.get(i), depth + 1, key + "[" + i + "]"));
                }
                yield new AttributeValue.L(values);
            }
            case Term.Bag(List<Term> elements, _) -> set(elements);
            case Term.Struct(List<Term.Field> fields, _) -> {
                Map<String, AttributeValue> map = new LinkedHashMap<>();
                for (Term.Field field : fields) {
                    String name = name(field, key);
                    put(map, name, value(field.value(), depth + 1, key + "." + name), key);
                }
                yield new AttributeValue.M(map);
            }
            case Term.Ion(String text, _) ->
                    throw PartiqlErrors.of(
                            "Ion Literals are not supported: " + text + " under key " + key);
            case Term.Path _,
                    Term.Missing _,
                    Term.Parameter _,
                    Term.Call _,
                    Term.Operation _,
                    Term.Is _,
                    Term.Subquery _,
                    Term.Star _ ->
                    throw PartiqlErrors.at(
                            term.position(),
                            "Unsupported data type: " + term.kind() + " under key " + key);
        };
    }

    private static String name(Term.Field field, String key) {
        if (field.name() instanceof Term.Literal(AttributeValue.S(String name), _)) {
            return name;
        }
        throw PartiqlErrors.of(
                "Tuple keys must be of type String. Actual type: "
                        + field.name().kind()
                        + " under "
                        + key);
    }

    private static void put(
            Map<String, AttributeValue> map, String name, AttributeValue value, String key) {
        if (map.put(name, value) != null) {
            throw PartiqlErrors.of("Duplicate keys in tuple. Key: " + name + " under " + key);
        }
    }

    private static AttributeValue set(List<Term> elements) {
        if (elements.isEmpty()) {
            throw PartiqlErrors.of("Empty bags are not supported");
        }
        AttributeType type = null;
        List<String> texts = new ArrayList<>();
        for (Term element : elements) {
            AttributeType other = type(element);
            if (other == null || (type != null && type != other)) {
                throw PartiqlErrors.of(
                        "Unsupported data type in Bag. DynamoDB only supports either numbers or"
                                + " strings in bags");
            }
            type = other;
            texts.add(text(element));
        }
        return type == AttributeType.S ? strings(texts) : numbers(texts);
    }

    private static @Nullable AttributeType type(Term element) {
        if (!(element instanceof Term.Literal(AttributeValue value, _))) {
            return null;
        }
        AttributeType type = AttributeType.of(value);
        return type == AttributeType.S || type == AttributeType.N ? type : null;
    }

    private static String text(Term element) {
        return switch (((Term.Literal) element).value()) {
            case AttributeValue.S(String text) -> text;
            case AttributeValue.N(String text) -> text;
            default -> throw new IllegalStateException("its type has been checked");
        };
    }

    private static AttributeValue strings(List<String> texts) {
        if (Set.copyOf(texts).size() < texts.size()) {
            throw duplicates(texts, ".");
        }
        return new AttributeValue.SS(texts);
    }

    private static AttributeValue numbers(List<String> texts) {
        Set<AttributeValue> distinct = new LinkedHashSet<>();
        for (String text : texts) {
            if (!distinct.add(ItemRules.normal(new AttributeValue.N(text)))) {
                throw duplicates(texts, "! under " + ROOT);
            }
        }
        return new AttributeValue.NS(texts);
    }

    private static ServiceException duplicates(List<String> texts, String end) {
        return ItemErrors.validation(
                "One or more parameter values were invalid: Input collection ["
                        + String.join(", ", texts)
                        + "] contains duplicates"
                        + end);
    }
}
