package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.service.dynamodb.expression.Comparator;
import io.millrace.service.dynamodb.expression.Condition;
import io.millrace.service.dynamodb.expression.DocumentPath;
import io.millrace.service.dynamodb.expression.Operand;
import io.millrace.service.dynamodb.expression.SortCondition;
import io.millrace.service.dynamodb.item.Values;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The cases into which a condition falls by its `OR` and `IN`, as far as they are about a key, and
/// what each of them says of the key.
final class KeyCases {
    /// AWS's limit of reads that a statement may fall into.
    private static final int CASES_MAX = 50;

    private final KeySchema key;

    KeyCases(KeySchema key) {
        this.key = key;
    }

    /// A condition on a key attribute; on one of the partition key always an equality.
    record Predicate(KeyAttribute attribute, SortCondition says, Condition condition) {}

    /// @param rest what else must hold, or null
    record Case(List<Predicate> predicates, @Nullable Condition rest) {

        Case and(Case other) {
            List<Predicate> all = new ArrayList<>(predicates);
            all.addAll(other.predicates);
            return new Case(all, KeyCases.and(rest, other.rest));
        }

        List<Predicate> of(KeyAttribute attribute) {
            return predicates.stream()
                    .filter(predicate -> predicate.attribute().equals(attribute))
                    .toList();
        }

        /// The one value that the attribute is said to equal, or null when it is said to equal none
        /// or several.
        @Nullable AttributeValue value(KeyAttribute attribute) {
            AttributeValue value = null;
            for (Predicate predicate : of(attribute)) {
                if (predicate.says() instanceof SortCondition.Equal(AttributeValue other)) {
                    if (value != null && !Values.equal(value, other)) {
                        return null;
                    }
                    value = other;
                }
            }
            return value;
        }
    }

    /// Both conditions, of which either may be null.
    static @Nullable Condition and(@Nullable Condition left, @Nullable Condition right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        return new Condition.And(left, right);
    }

    /// Whether the condition says in each case what the partition key is.
    boolean pins(Condition condition) {
        return key.hashes().stream().allMatch(attribute -> pins(condition, attribute));
    }

    private boolean pins(Condition condition, KeyAttribute attribute) {
        return switch (condition) {
            case Condition.And(Condition left, Condition right) ->
                    pins(left, attribute) || pins(right, attribute);
            case Condition.Or(Condition left, Condition right) ->
                    pins(left, attribute) && pins(right, attribute);
            default -> {
                List<Case> cases = predicate(condition);
                yield cases != null && cases.stream().noneMatch(one -> one.of(attribute).isEmpty());
            }
        };
    }

    /// @throws io.millrace.wire.ServiceException when a value does not have the key's type, or
    ///   there are too many cases
    List<Case> of(Condition condition) {
        List<Case> cases = cases(condition);
        for (Case one : cases) {
            for (Predicate predicate : one.predicates()) {
                predicate.says().values().forEach(value -> check(predicate.attribute(), value));
            }
        }
        return cases;
    }

    private static void check(KeyAttribute attribute, AttributeValue value) {
        if (!ItemKeys.hasType(value, attribute)) {
            throw StatementErrors.keyType(attribute.name());
        }
        ItemKeys.checkNotEmpty(attribute, value);
    }

    private List<Case> cases(Condition condition) {
        return switch (condition) {
            case Condition.And(Condition left, Condition right) -> {
                List<Case> product = new ArrayList<>();
                List<Case> others = cases(right);
                for (Case one : cases(left)) {
                    others.forEach(other -> product.add(one.and(other)));
                    checkCount(product);
                }
                yield product;
            }
            case Condition.Or(Condition left, Condition right) when isAboutKey(condition) -> {
                List<Case> sum = new ArrayList<>(cases(left));
                sum.addAll(cases(right));
                yield checkCount(sum);
            }
            default -> {
                List<Case> cases = predicate(condition);
                yield cases == null ? List.of(new Case(List.of(), condition)) : checkCount(cases);
            }
        };
    }

    private static List<Case> checkCount(List<Case> cases) {
        if (cases.size() > CASES_MAX) {
            throw StatementErrors.tooManyReads();
        }
        return cases;
    }

    private boolean isAboutKey(Condition condition) {
        return switch (condition) {
            case Condition.And(Condition left, Condition right) ->
                    isAboutKey(left) || isAboutKey(right);
            case Condition.Or(Condition left, Condition right) ->
                    isAboutKey(left) || isAboutKey(right);
            default -> predicate(condition) != null;
        };
    }

    /// The cases of a condition on a key attribute, or null when it is none.
    private @Nullable List<Case> predicate(Condition condition) {
        return switch (condition) {
            case Condition.Compare(Comparator comparator, Operand left, Operand right) ->
                    left instanceof Operand.Constant
                            ? comparison(condition, right, comparator.flipped(), left)
                            : comparison(condition, left, comparator, right);
            case Condition.In(Operand value, List<Operand> candidates) -> {
                List<Case> cases = new ArrayList<>();
                for (Operand candidate : candidates) {
                    List<Case> one =
                            comparison(
                                    new Condition.Compare(Comparator.EQUAL, value, candidate),
                                    value,
                                    Comparator.EQUAL,
                                    candidate);
                    if (one == null) {
                        yield null;
                    }
                    cases.addAll(one);
                }
                yield cases;
            }
            case Condition.Between(
                            Operand value,
                            Operand.Constant(AttributeValue low),
                            Operand.Constant(AttributeValue high)) ->
                    sort(condition, value, new SortCondition.Between(low, high));
            case Condition.BeginsWith(Operand value, Operand.Constant(AttributeValue prefix)) ->
                    sort(condition, value, new SortCondition.BeginsWith(prefix));
            default -> null;
        };
    }

    private @Nullable List<Case> comparison(
            Condition condition, Operand of, Comparator comparator, Operand with) {
        if (!(with instanceof Operand.Constant(AttributeValue value))) {
            return null;
        }
        KeyAttribute hash = comparator == Comparator.EQUAL ? attribute(key.hashes(), of) : null;
        if (hash != null) {
            return one(new Predicate(hash, new SortCondition.Equal(value), condition));
        }
        return switch (comparator) {
            case EQUAL -> sort(condition, of, new SortCondition.Equal(value));
            case LESS -> sort(condition, of, new SortCondition.Less(value));
            case AT_MOST -> sort(condition, of, new SortCondition.AtMost(value));
            case GREATER -> sort(condition, of, new SortCondition.Greater(value));
            case AT_LEAST -> sort(condition, of, new SortCondition.AtLeast(value));
            case NOT_EQUAL -> null;
        };
    }

    private @Nullable List<Case> sort(Condition condition, Operand of, SortCondition says) {
        KeyAttribute range = attribute(key.ranges(), of);
        return range == null ? null : one(new Predicate(range, says, condition));
    }

    private static List<Case> one(Predicate predicate) {
        return List.of(new Case(List.of(predicate), null));
    }

    private static @Nullable KeyAttribute attribute(List<KeyAttribute> among, Operand operand) {
        for (KeyAttribute attribute : among) {
            if (is(operand, attribute)) {
                return attribute;
            }
        }
        return null;
    }

    static boolean is(Operand operand, KeyAttribute attribute) {
        return operand instanceof Operand.Attribute(DocumentPath path)
                && !path.isNested()
                && path.attribute().equals(attribute.name());
    }
}
