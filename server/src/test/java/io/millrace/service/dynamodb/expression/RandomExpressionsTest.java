package io.millrace.service.dynamodb.expression;

import static io.millrace.service.dynamodb.expression.Requests.item;
import static io.millrace.service.dynamodb.expression.Requests.l;
import static io.millrace.service.dynamodb.expression.Requests.m;
import static io.millrace.service.dynamodb.expression.Requests.n;
import static io.millrace.service.dynamodb.expression.Requests.s;
import static io.millrace.service.dynamodb.expression.Requests.ss;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Expressions by seed: sensible ones against a naive evaluation, senseless ones for bounded
/// refusal.
final class RandomExpressionsTest {

    private static final String[] TOKENS = {
        "a",
        "b",
        "#a",
        ":a",
        ":l",
        ":s",
        "(",
        "(",
        ")",
        ")",
        "[",
        "]",
        "[0]",
        ".",
        ",",
        "=",
        "<",
        "<>",
        ">=",
        "+",
        "-",
        "AND",
        "OR",
        "NOT",
        "BETWEEN",
        "IN",
        "SET",
        "REMOVE",
        "ADD",
        "DELETE",
        "size(",
        "contains(",
        "attribute_exists(",
        "begins_with(",
        "if_not_exists(",
        "list_append(",
        "foo(",
        "7",
        "name",
        "\u00e9",
        "\"",
        ":",
        "#",
        "_",
        "\ud83d\ude00",
        "99999999999"
    };

    private static final Map<String, AttributeValue> VALUES =
            item(":a", n(1), ":l", l(n(1)), ":s", ss("x"), ":S", s("S"));

    @Test
    void refusesSenselessTextsInWordsAndWithoutDelay() {
        Random random = new Random(61);
        long begin = System.nanoTime();
        int accepted = 0;
        for (int i = 0; i < 6_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = 1 + random.nextInt(random.nextInt(20) == 0 ? 400 : 12);
            for (int j = 0; j < length; j++) {
                text.append(TOKENS[random.nextInt(TOKENS.length)]);
                text.append(random.nextInt(3) == 0 ? "" : " ");
            }
            for (ExpressionKind kind : Requests.KINDS) {
                try {
                    Requests.parse(
                            kind,
                            text.toString(),
                            new ExpressionContext(Map.of("#a", "a"), VALUES));
                    accepted++;
                } catch (ServiceException refused) {
                    assertThat(refused.message()).startsWith("Invalid " + kind.parameter());
                }
            }
        }
        assertThat(accepted).isPositive();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void mutatedUpdatesAreAppliedOrRefused() {
        Random random = new Random(62);
        String[] actions = {
            "SET a = :a",
            "b[0] = a",
            "c.d = :l",
            "REMOVE a",
            "b[1]",
            "ADD n :a",
            "DELETE z :s",
            "x = if_not_exists(y, :l)",
            "y = list_append(b, :l)",
            "n = n + :a",
            "b[0].k = :s",
            ","
        };
        Map<String, AttributeValue> old =
                item("a", s("x"), "b", l(m("k", n(1)), n(2)), "c", m(), "n", n(3), "z", ss("x"));
        int applied = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 1 + random.nextInt(5); j > 0; j--) {
                text.append(actions[random.nextInt(actions.length)]);
                text.append(random.nextBoolean() ? " " : ", ");
            }
            try {
                ItemUpdate update =
                        UpdateExpression.parse(text.toString(), new ExpressionContext(null, VALUES))
                                .apply(old);
                update.updatedOld();
                update.updatedNew();
                applied++;
            } catch (ServiceException refused) {
                assertThat(refused.error().code()).isEqualTo("ValidationException");
            }
        }
        assertThat(applied).isPositive();
        assertThat(old).hasSize(5).containsEntry("n", n(3));
    }

    /// A random condition as text together with its truth, worked out while it is made.
    private record Made(String text, boolean holds, boolean isGroup) {
        Made(String text, boolean holds) {
            this(text, holds, false);
        }
    }

    @Test
    void agreesWithANaiveEvaluation() {
        Random random = new Random(63);
        List<String> names = List.of("p", "q", "r", "u");
        for (int i = 0; i < 5_000; i++) {
            Integer[] numbers = new Integer[names.size()];
            Map<String, AttributeValue> item = item();
            for (int j = 0; j < numbers.length; j++) {
                if (random.nextInt(4) > 0) {
                    numbers[j] = random.nextInt(5);
                    item.put(names.get(j), n(numbers[j]));
                }
            }
            Made made = either(random, names, numbers, 3);

            ConditionExpression condition =
                    ConditionExpression.parse(
                            ExpressionKind.FILTER,
                            made.text,
                            Requests.context(
                                    Map.of(),
                                    item(
                                            ":0", n(0), ":1", n(1), ":2", n(2), ":3", n(3), ":4",
                                            n(4))));

            assertThat(condition.matches(item))
                    .as("%s on %s", made.text, item)
                    .isEqualTo(made.holds);
        }
    }

    private static Made either(Random random, List<String> names, Integer[] numbers, int depth) {
        Made left = all(random, names, numbers, depth);
        if (random.nextInt(3) > 0) {
            return left;
        }
        Made right = all(random, names, numbers, depth);
        return new Made(left.text + " OR " + right.text, left.holds || right.holds);
    }

    private static Made all(Random random, List<String> names, Integer[] numbers, int depth) {
        Made left = single(random, names, numbers, depth);
        if (random.nextInt(3) > 0) {
            return left;
        }
        Made right = single(random, names, numbers, depth);
        return new Made(left.text + " AND " + right.text, left.holds && right.holds);
    }

    private static Made single(Random random, List<String> names, Integer[] numbers, int depth) {
        int one = random.nextInt(names.size());
        String name = names.get(one);
        Integer number = numbers[one];
        int bound = random.nextInt(5);
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> new Made(name + " < :" + bound, number != null && number < bound);
            case 1 -> new Made(":" + bound + " = " + name, number != null && number == bound);
            case 2 -> new Made(name + "<>:" + bound, number == null || number != bound);
            case 3 -> {
                int low = random.nextInt(bound + 1);
                yield new Made(
                        name + " BETWEEN :" + low + " AND :" + bound,
                        number != null && number >= low && number <= bound);
            }
            case 4 -> new Made("attribute_exists(" + name + ")", number != null);
            case 5 ->
                    new Made(
                            name + " IN (:0, (:" + bound + "))",
                            number != null && (number == 0 || number == bound));
            case 6 -> {
                Made negated = single(random, names, numbers, depth - 1);
                yield new Made("NOT " + negated.text, !negated.holds);
            }
            default -> {
                Made inner = either(random, names, numbers, depth - 1);
                yield inner.isGroup ? inner : new Made("(" + inner.text + ")", inner.holds, true);
            }
        };
    }
}
