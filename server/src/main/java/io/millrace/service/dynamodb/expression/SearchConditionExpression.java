package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.wire.ServiceException;

import java.util.LinkedHashMap;
import java.util.Map;

/// A `SearchConditionExpression`: equalities of attributes and values, joined by `AND`. Immutable
/// and thread-safe. Source: [searching with
/// SearchVectors](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearchWorkingWith.html).
public final class SearchConditionExpression {

    private final Condition condition;

    private SearchConditionExpression(Condition condition) {
        this.condition = condition;
    }

    /// Parses the text, and checks it against the context's names and values.
    ///
    /// @throws ServiceException `ValidationException`
    public static SearchConditionExpression parse(String text, ExpressionContext context) {
        ExpressionKind kind = ExpressionKind.SEARCH_CONDITION;
        ConditionBinder binder = new ConditionBinder(kind, context);
        return new SearchConditionExpression(binder.bind(SyntaxCache.condition(kind, text)));
    }

    /// The value that each attribute must have, by its path, in the order of the expression.
    ///
    /// @throws ServiceException `ValidationException` when it is not made of equalities
    public Map<String, AttributeValue> equalities() {
        Map<String, AttributeValue> equalities = new LinkedHashMap<>();
        collect(condition, equalities);
        return equalities;
    }

    private static void collect(Condition condition, Map<String, AttributeValue> equalities) {
        switch (condition) {
            case Condition.And(Condition left, Condition right) -> {
                collect(left, equalities);
                collect(right, equalities);
            }
            case Condition.Compare(Comparator comparator, Operand left, Operand right)
                    when comparator == Comparator.EQUAL -> {
                if (left instanceof Operand.Attribute(DocumentPath path)
                        && right instanceof Operand.Constant(AttributeValue value)) {
                    add(equalities, path, value);
                } else if (left instanceof Operand.Constant(AttributeValue value)
                        && right instanceof Operand.Attribute(DocumentPath path)) {
                    add(equalities, path, value);
                } else {
                    throw invalidComparator();
                }
            }
            default -> throw invalidComparator();
        }
    }

    private static void add(
            Map<String, AttributeValue> equalities, DocumentPath path, AttributeValue value) {
        if (equalities.put(path.isNested() ? path.toString() : path.attribute(), value) != null) {
            throw ExpressionKind.SEARCH_CONDITION.invalid(
                    "SearchConditionExpression must only contain one condition per attribute");
        }
    }

    private static ServiceException invalidComparator() {
        return ItemErrors.validation(
                "Invalid SearchConditionExpression: Invalid comparator used in"
                        + " SearchConditionExpression");
    }
}
