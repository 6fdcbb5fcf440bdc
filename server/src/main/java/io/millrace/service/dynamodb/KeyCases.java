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

    /// @param hashes what the partition key equals
    /// @param sorts what holds for the sort key
    /// @param rest what else must hold, or null
    record Case(List<AttributeValue> hashes, List<SortCondition> sorts, @Nullable Condition rest) {

        /// The partition key's value, or null when it is said to have two.
        @Nullable AttributeValue hash() {
            AttributeValue first = hashes.getFirst();
            return hashes.stream().allMatch(hash -> Values.equal(hash, first)) ? first : null;
        }

        /// Whether it says the whole key.
        boolean isSingle(KeySchema key) {
            return key.range() == null
                    || (!sorts.isEmpty()
                            && sorts.stream().allMatch(SortCondition.Equal.class::isInstance));
        }

        Case and(Case other) {
            return new Case(
                    joined(hashes, other.hashes),
                    joined(sorts, other.sorts),
                    KeyCases.and(rest, other.rest));
        }

        private static <T> List<T> joined(List<T> left, List<T> right) {
            List<T> all = new ArrayList<>(left);
            all.addAll(right);
            return all;
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
        return switch (condition) {
            case Condition.And(Condition left, Condition right) -> pins(left) || pins(right);
            case Condition.Or(Condition left, Condition right) -> pins(left) && pins(right);
            default -> {
                List<Case> cases = predicate(condition);
                yield cases != null && cases.stream().noneMatch(one -> one.hashes().isEmpty());
            }
        };
    }

    /// @throws io.millrace.wire.ServiceException when a value does not have the key's type, or
    ///   there are too many cases
    List<Case> of(Condition condition) {
        List<Case> cases = cases(condition);
        for (Case one : cases) {
            one.hashes().forEach(value -> check(key.hash(), value));
            if (key.range() != null) {
                for (SortCondition sort : one.sorts()) {
                    sort.values().forEach(value -> check(key.range(), value));
                }
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
                yield cases == null
                        ? List.of(new Case(List.of(), List.of(), condition))
                        : checkCount(cases);
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
                            ? comparison(right, comparator.flipped(), left)
                            : comparison(left, comparator, right);
            case Condition.In(Operand value, List<Operand> candidates) -> {
                List<Case> cases = new ArrayList<>();
                for (Operand candidate : candidates) {
                    List<Case> one = comparison(value, Comparator.EQUAL, candidate);
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
                    isSort(value) ? sort(new SortCondition.Between(low, high)) : null;
            case Condition.BeginsWith(Operand value, Operand.Constant(AttributeValue prefix)) ->
                    isSort(value) ? sort(new SortCondition.BeginsWith(prefix)) : null;
            default -> null;
        };
    }

    private @Nullable List<Case> comparison(Operand of, Comparator comparator, Operand with) {
        if (!(with instanceof Operand.Constant(AttributeValue value))) {
            return null;
        }
        if (comparator == Comparator.EQUAL && is(of, key.hash())) {
            return List.of(new Case(List.of(value), List.of(), null));
        }
        if (!isSort(of)) {
            return null;
        }
        return switch (comparator) {
            case EQUAL -> sort(new SortCondition.Equal(value));
            case LESS -> sort(new SortCondition.Less(value));
            case AT_MOST -> sort(new SortCondition.AtMost(value));
            case GREATER -> sort(new SortCondition.Greater(value));
            case AT_LEAST -> sort(new SortCondition.AtLeast(value));
            case NOT_EQUAL -> null;
        };
    }

    private static List<Case> sort(SortCondition condition) {
        return List.of(new Case(List.of(), List.of(condition), null));
    }

    private boolean isSort(Operand operand) {
        return key.range() != null && is(operand, key.range());
    }

    static boolean is(Operand operand, KeyAttribute attribute) {
        return operand instanceof Operand.Attribute(DocumentPath path)
                && !path.isNested()
                && path.attribute().equals(attribute.name());
    }
}
