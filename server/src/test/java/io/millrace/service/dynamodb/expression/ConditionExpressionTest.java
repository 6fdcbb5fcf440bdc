package io.millrace.service.dynamodb.expression;

import static io.millrace.service.dynamodb.expression.Requests.b;
import static io.millrace.service.dynamodb.expression.Requests.given;
import static io.millrace.service.dynamodb.expression.Requests.item;
import static io.millrace.service.dynamodb.expression.Requests.l;
import static io.millrace.service.dynamodb.expression.Requests.m;
import static io.millrace.service.dynamodb.expression.Requests.n;
import static io.millrace.service.dynamodb.expression.Requests.ns;
import static io.millrace.service.dynamodb.expression.Requests.s;
import static io.millrace.service.dynamodb.expression.Requests.ss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.dynamodb.AttributeValue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

final class ConditionExpressionTest {

    private static final AttributeValue BINARIES =
            new AttributeValue.BS(List.of("A".getBytes(StandardCharsets.UTF_8)));

    private static final Map<String, AttributeValue> ITEM =
            item(
                    "s", s("hello"),
                    "prefix", s("he"),
                    "n", n(5),
                    "b", b("AB"),
                    "bool", new AttributeValue.Bool(true),
                    "null", new AttributeValue.Null(true),
                    "ss", ss("c", "a", "b"),
                    "ns", ns("1", "2", "3"),
                    "bs", BINARIES,
                    "l", l(n(5), s("a"), l(n(1), ss("a", "b", "c"))),
                    "m", m("kid", n(1), "deep", m("er", n(1))),
                    "name", n(1),
                    "map", m("a.b", n(2)));

    private static final Map<String, AttributeValue> VALUES = new HashMap<>();

    static {
        VALUES.putAll(item(":hello", s("hello"), ":world", s("world"), ":hell", s("hell")));
        VALUES.putAll(item(":ell", s("ell"), ":empty", s(""), ":a", s("a")));
        VALUES.putAll(item(":one", n(1), ":two", n(2), ":three", n(3), ":five", n(5)));
        VALUES.putAll(item(":six", n(6), ":ten", n(10)));
        VALUES.put(":fiveDotZero", new AttributeValue.N("5.0"));
        VALUES.put(":oneDotZero", new AttributeValue.N("1.0"));
        VALUES.putAll(item(":bytes", b("AB"), ":bytesA", b("A"), ":bytesB", b("B")));
        VALUES.putAll(item(":bytesC", b("C"), ":abc", ss("a", "b", "c")));
        VALUES.putAll(
                item(":numbers", ns("3", "1.0", "2"), ":null", new AttributeValue.Null(true)));
        VALUES.put(":list", l(n(5), s("a"), l(n(1), ss("b", "c", "a"))));
        VALUES.put(":true", new AttributeValue.Bool(true));
        VALUES.put(":false", new AttributeValue.Bool(false));
        for (String type : List.of("S", "N", "NULL", "M", "L")) {
            VALUES.put(":" + type, s(type));
        }
    }

    private static final Map<String, String> NAMES =
            Map.of("#reserved", "name", "#m", "map", "#dotted", "a.b", "#null", "null");

    static Stream<Arguments> conditions() {
        return DataFile.lines("conditions.txt").stream()
                .map(line -> line.split("\\|", 2))
                .map(parts ->
                        Arguments.of(Boolean.parseBoolean(parts[0].strip()), parts[1].strip()));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void holdsOrNotAsOnAws(boolean expected, String condition) {
        String text = condition.replaceAll("(?<![:#\\w])null\\b", "#null");
        ExpressionContext context = Requests.context(NAMES, VALUES);

        ConditionExpression expression =
                ConditionExpression.parse(ExpressionKind.CONDITION, text, context);

        assertThat(expression.matches(ITEM)).isEqualTo(expected);
        assertThat(
                        ConditionExpression.parse(
                                        ExpressionKind.FILTER,
                                        "NOT (" + text + " AND n = :five)",
                                        context)
                                .matches(ITEM))
                .isEqualTo(!expected);
    }

    @Test
    void takesAMissingItemForAnEmptyOne() {
        assertThat(condition("attribute_not_exists(pk)").matches(Map.of())).isTrue();
        assertThat(condition("attribute_exists(pk)").matches(Map.of())).isFalse();
    }

    /// Measured against AWS by a public project.
    @Test
    void measuresStringsInUtf16Units() {
        Map<String, AttributeValue> item = item("t", s("\u00e9\ud834\udd1e"));

        assertThat(conditionOf("size(t) = :n", given(":n", n(3))).matches(item)).isTrue();
        assertThat(conditionOf("size(t) = :n", given(":n", n(6))).matches(item)).isFalse();
    }

    @Test
    void tellsThePathsThatItUses() {
        ConditionExpression condition =
                condition("a.b[1] = c AND size(d) > e OR NOT contains(f, g)");

        assertThat(condition.paths())
                .extracting(DocumentPath::toString)
                .containsExactly("[a, b, [1]]", "[c]", "[d]", "[e]", "[f]", "[g]");
        assertThat(condition.paths()).extracting(DocumentPath::isNested).startsWith(true, false);
    }

    @Test
    void acceptsHundredCandidatesAndNoMore() {
        assertThat(inOf(100).matches(item("a", n(99)))).isTrue();
        assertThat(inOf(100).matches(item("a", n(100)))).isFalse();
        assertThatThrownBy(() -> inOf(101))
                .hasMessage(
                        "Invalid ConditionExpression: The IN operator is provided with too many"
                                + " operands; number of operands: 101");
    }

    @Test
    void accepts300OperatorsAndNoMore() {
        assertThat(condition(chain(300)).matches(item("a", n(1), "b", n(2)))).isTrue();
        assertThatThrownBy(() -> condition(chain(301)))
                .hasMessage(
                        "Invalid ConditionExpression: The expression contains too many operators;"
                                + " operator count: 301");
    }

    @Test
    void boundsNestingWhateverTheText() {
        assertThat(condition("NOT ".repeat(300) + "a<b").matches(item("a", n(1), "b", n(2))))
                .isTrue();
        for (String text :
                List.of(
                        "NOT ".repeat(1000) + "a<b",
                        "(".repeat(4000),
                        "(".repeat(2000) + "a<b" + ")".repeat(2000),
                        "size(".repeat(800),
                        "(NOT ".repeat(600) + "a<b" + ")".repeat(600))) {
            assertThatThrownBy(() -> condition(text))
                    .hasMessageStartingWith("Invalid ConditionExpression: ");
        }
    }

    @Test
    void refusesPathsBeyond32Levels() {
        assertThat(condition("attribute_exists(a" + ".a".repeat(31) + ")").matches(Map.of()))
                .isFalse();
        assertThatThrownBy(() -> condition("attribute_exists(a" + "[0]".repeat(32) + ")"))
                .hasMessage(
                        "Invalid ConditionExpression: The document path has too many nesting levels;"
                                + " nesting levels: 33");
    }

    @Test
    void parsesATextOnceForAllRequests() {
        String text = "a = :v AND b < c";

        assertThat(SyntaxCache.condition(ExpressionKind.FILTER, text))
                .isSameAs(SyntaxCache.condition(ExpressionKind.CONDITION, text));
        assertThat(conditionOf(text, given(":v", n(1))).matches(item("a", n(1)))).isFalse();
        assertThat(
                        conditionOf(text, given(":v", n(2)))
                                .matches(item("a", n(2), "b", n(1), "c", n(2))))
                .isTrue();
    }

    @Test
    void knowsAll573ReservedWords() {
        assertThat(ReservedWords.count()).isEqualTo(573);
        assertThat(ReservedWords.contains("zOnE")).isTrue();
        assertThat(ReservedWords.contains("pk")).isFalse();
    }

    private static String chain(int comparisons) {
        return IntStream.range(0, comparisons)
                .mapToObj(i -> "a<b")
                .collect(Collectors.joining(" AND "));
    }

    private static ConditionExpression inOf(int candidates) {
        Map<String, AttributeValue> values = new HashMap<>();
        IntStream.range(0, candidates).forEach(i -> values.put(":v" + i, n(i)));
        String list = values.keySet().stream().collect(Collectors.joining(", ", "(", ")"));
        return conditionOf("a IN " + list, Requests.context(Map.of(), values));
    }

    private static ConditionExpression condition(String text) {
        return conditionOf(text, given());
    }

    private static ConditionExpression conditionOf(String text, ExpressionContext context) {
        return ConditionExpression.parse(ExpressionKind.CONDITION, text, context);
    }
}
