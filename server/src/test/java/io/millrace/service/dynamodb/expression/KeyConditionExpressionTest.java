package io.millrace.service.dynamodb.expression;

import static io.millrace.service.dynamodb.expression.Requests.b;
import static io.millrace.service.dynamodb.expression.Requests.given;
import static io.millrace.service.dynamodb.expression.Requests.n;
import static io.millrace.service.dynamodb.expression.Requests.s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.Bytes;
import io.millrace.engine.KeyWriter;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.DecimalNumber;
import io.millrace.service.dynamodb.item.KeyCodec;
import io.millrace.service.dynamodb.item.RandomValues;
import io.millrace.service.dynamodb.item.Values;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

final class KeyConditionExpressionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attribute_type(a, :S) | Invalid operator used in KeyConditionExpression: attribute_type",
                "a > b and size(b) > c or a > c | Invalid operator used in KeyConditionExpression: OR",
                "a in (b, size(c), d) | Invalid operator used in KeyConditionExpression: IN",
                "attribute_exists(a) | Invalid operator used in KeyConditionExpression: attribute_exists",
                "attribute_not_exists(a) | Invalid operator used in KeyConditionExpression: attribute_not_exists",
                "contains(a.d, b) | Invalid operator used in KeyConditionExpression: contains",
                "not a > b | Invalid operator used in KeyConditionExpression: NOT",
                "a <> b | Invalid operator used in KeyConditionExpression: <>",
                ":a between size(b) and size(a) and b > :b | Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first operand",
                "begins_with(:a, b) and a > :b | Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand",
                "size(b) > a AND a.b > b AND b > c | KeyConditionExpressions cannot contain nested operations",
                "a > size(b.d) | KeyConditionExpressions cannot contain nested operations",
                "a between size(b) and size(a) | KeyConditionExpressions cannot contain nested operations",
                "b > a.b | Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
                "b between c[1] and d | Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
                "a between b and size(a) | Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
                "begins_with(a, b) | Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
                "b.d > a AND c.d > e.f | KeyConditionExpressions cannot have conditions on nested attributes",
                "a.d > c | KeyConditionExpressions cannot have conditions on nested attributes",
                "b[0] > a | KeyConditionExpressions cannot have conditions on nested attributes",
                ":b > :a AND a < :b | Invalid condition in KeyConditionExpression: No key attribute specified",
                "b > :a AND b < :a and c = :a and d = :a | Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key",
                "(a > :a and b > :a) and (b > :a and c > :a) | Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key"
            })
    void refusesConditionsThatAreNoKeyConditions(String text, String message) {
        ExpressionContext context = given(":a", s("1"), ":b", s("2"), ":S", s("S"));
        KeyConditionExpression expression = KeyConditionExpression.parse(text, context);

        assertThatThrownBy(expression::check).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zz = :s | Query condition missed key schema element: pk",
                "sk = :n | Query condition missed key schema element: pk",
                "zz = :s AND sk = :n | Query condition missed key schema element: pk",
                "pk = :s AND zz = :n | Query condition missed key schema element: sk",
                "pk = :s AND sk > :n AND extra = :n | The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)",
                "pk < :s | Query key condition not supported",
                "pk <= :s AND sk = :n | Query key condition not supported",
                "begins_with(pk, :s) | Query key condition not supported",
                "pk BETWEEN :s AND :t | Query key condition not supported",
                "pk = :n | One or more parameter values were invalid: Condition parameter type does not match schema type",
                "pk = :s AND sk = :s | One or more parameter values were invalid: Condition parameter type does not match schema type",
                "pk = :s AND begins_with(sk, :s) | One or more parameter values were invalid: Condition parameter type does not match schema type",
                "pk = :empty | One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"
            })
    void refusesConditionsThatDoNotFitTheKey(String text, String message) {
        ExpressionContext context = given(":s", s("a"), ":t", s("b"), ":n", n(1), ":empty", s(""));
        KeyConditionExpression expression = KeyConditionExpression.parse(text, context);

        expression.check();

        assertThatThrownBy(
                        () -> expression.on(key("pk", AttributeType.S), key("sk", AttributeType.N)))
                .hasMessage(message);
    }

    @Test
    void refusesASecondConditionWithoutASortKey() {
        KeyConditionExpression expression =
                KeyConditionExpression.parse("pk = :s AND sk = :s", given(":s", s("a")));

        assertThatThrownBy(() -> expression.on(key("pk", AttributeType.S), List.of()))
                .hasMessage(
                        "The number of query conditions (2) exceeds the number of key attributes"
                                + " defined in the schema (1)");
    }

    @Test
    void readsThePartitionKeyOnEitherSideAndInAnyOrder() {
        for (String text :
                new String[] {
                    "pk = :s AND sk > :n",
                    ":s = pk AND :n < sk",
                    "sk > :n AND pk = :s",
                    "(pk = :s) AND (sk > :n)",
                    "((sk > :n) AND (pk = :s))"
                }) {
            KeyCondition condition = on(text);

            assertThat(condition.partition()).as(text).containsExactly(s("a"));
            assertThat(condition.sort()).as(text).isEqualTo(new SortCondition.Greater(n(1)));
        }
        assertThat(on("pk = :s").sort()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"=, Equal", "<, Less", "<=, AtMost", ">, Greater", ">=, AtLeast"})
    void readsEveryComparison(String operator, String name) {
        SortCondition sort = on("pk = :s AND sk " + operator + " :n").sort();

        assertThat(sort).isNotNull();
        assertThat(sort.getClass().getSimpleName()).isEqualTo(name);
    }

    @Test
    void readsRangesAndPrefixes() {
        ExpressionContext context = given(":p", n(1), ":a", b("a"), ":c", b("c"));

        KeyCondition between =
                KeyConditionExpression.parse("pk = :p AND sk BETWEEN :a AND :c", context)
                        .on(key("pk", AttributeType.N), key("sk", AttributeType.B));
        KeyCondition begins =
                KeyConditionExpression.parse("pk = :p AND begins_with(sk, :a)", context)
                        .on(key("pk", AttributeType.N), key("sk", AttributeType.B));

        assertThat(between.sort()).isEqualTo(new SortCondition.Between(b("a"), b("c")));
        assertThat(begins.sort()).isEqualTo(new SortCondition.BeginsWith(b("a")));
    }

    @Test
    void findsInTheStoreWhatTheConditionMatches() {
        Random random = new Random(51);
        byte[] prefix = new KeyWriter(0x10).uint64(77).string("partition").toBytes();
        for (int i = 0; i < 6_000; i++) {
            int type = random.nextInt(3);
            AttributeValue key = keyValue(random, type);
            SortCondition condition = condition(random, type);
            KeyWriter stored = new KeyWriter(0x10).uint64(77).string("partition");
            KeyCodec.write(stored, key);
            byte[] bytes = stored.string("more").toBytes();

            KeyRange range = condition.range(prefix);
            boolean found =
                    Arrays.compareUnsigned(bytes, range.from()) >= 0
                            && Arrays.compareUnsigned(bytes, range.to()) < 0;

            assertThat(found).as("%s %s", condition, key).isEqualTo(condition.matches(key));
            assertThat(Bytes.startsWith(range.from(), Arrays.copyOf(prefix, 8))).isTrue();
        }
    }

    private static SortCondition condition(Random random, int type) {
        AttributeValue a = keyValue(random, type);
        AttributeValue b = keyValue(random, type);
        Integer order = Values.compare(a, b);
        boolean ordered = order != null && order <= 0;
        return switch (random.nextInt(type == 1 ? 6 : 7)) {
            case 0 -> new SortCondition.Equal(a);
            case 1 -> new SortCondition.Less(a);
            case 2 -> new SortCondition.AtMost(a);
            case 3 -> new SortCondition.Greater(a);
            case 4 -> new SortCondition.AtLeast(a);
            case 5 -> new SortCondition.Between(ordered ? a : b, ordered ? b : a);
            default -> new SortCondition.BeginsWith(a);
        };
    }

    private static AttributeValue keyValue(Random random, int type) {
        return switch (type) {
            case 0 -> s(RandomValues.string(random));
            case 1 ->
                    new AttributeValue.N(
                            DecimalNumber.normal(
                                    random.nextBoolean()
                                            ? Integer.toString(random.nextInt(7) - 3)
                                            : RandomValues.number(random)));
            default -> new AttributeValue.B(RandomValues.binary(random));
        };
    }

    private static KeyCondition on(String text) {
        return KeyConditionExpression.parse(text, given(":s", s("a"), ":n", n(1)))
                .on(key("pk", AttributeType.S), key("sk", AttributeType.N));
    }

    private static List<KeyPart> key(String name, AttributeType type) {
        return List.of(new KeyPart(name, type));
    }
}
