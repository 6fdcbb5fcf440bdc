package io.millrace.service.dynamodb.expression;

import static io.millrace.service.dynamodb.expression.Requests.item;
import static io.millrace.service.dynamodb.expression.Requests.n;
import static io.millrace.service.dynamodb.expression.Requests.s;
import static io.millrace.service.dynamodb.expression.Requests.ss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

final class ExpressionContextTest {

    @Test
    void refusesEmptyMaps() {
        assertThatThrownBy(() -> new ExpressionContext(Map.of(), Map.of()))
                .hasMessage("ExpressionAttributeNames must not be empty");
        assertThatThrownBy(() -> new ExpressionContext(null, Map.of()))
                .hasMessage("ExpressionAttributeValues must not be empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "#", "", "#a-b", "#a.b", ":a", "##", "# a", "#\u00e9"})
    void refusesPlaceholdersForNamesThatAreNone(String key) {
        assertThatThrownBy(() -> new ExpressionContext(Map.of(key, "a"), null))
                .hasMessage(
                        "ExpressionAttributeNames contains invalid key: Syntax error; key: \""
                                + key
                                + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", ":", "", ":a-b", "#a", "::", ": a", ":hi!there"})
    void refusesPlaceholdersForValuesThatAreNone(String key) {
        assertThatThrownBy(() -> new ExpressionContext(null, Map.of(key, s("a"))))
                .hasMessage(
                        "ExpressionAttributeValues contains invalid key: Syntax error; key: \""
                                + key
                                + "\"");
    }

    @Test
    void refusesInvalidValuesAndSaysWhich() {
        assertThatThrownBy(() -> new ExpressionContext(null, Map.of(":b", ss())))
                .hasMessage(
                        "ExpressionAttributeValues contains invalid value: One or more parameter"
                                + " values were invalid: An string set  may not be empty for key"
                                + " :b");
        assertThatThrownBy(
                        () -> new ExpressionContext(null, Map.of(":b", new AttributeValue.N("b"))))
                .hasMessage(
                        "ExpressionAttributeValues contains invalid value: The parameter cannot be"
                                + " converted to a numeric value: b for key :b");
    }

    @Test
    void refusesKeysAndNamesThatAreTooLong() {
        String key = "#" + "a".repeat(255);

        assertThatThrownBy(() -> new ExpressionContext(Map.of(key, "a"), null))
                .hasMessageContaining("key that is too long; size of key: 256");
        assertThatThrownBy(() -> new ExpressionContext(Map.of("#a", "a".repeat(65_536)), null))
                .hasMessageContaining("65536");
        assertThatCode(() -> new ExpressionContext(Map.of("#a", "a".repeat(65_535)), null))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new ExpressionContext(Map.of("#a", ""), null))
                .hasMessage(
                        "ExpressionAttributeNames contains invalid value: Empty attribute name for"
                                + " key #a");
    }

    @Test
    void refusesValuesBeyond2Mb() {
        String half = "x".repeat(1024 * 1024);

        assertThatThrownBy(() -> new ExpressionContext(null, item(":a", s(half), ":b", s(half))))
                .hasMessageContaining("ExpressionAttributeValues exceeds max size");
    }

    @Test
    void refusesNamesAndValuesThatNoExpressionUses() {
        ExpressionContext context =
                new ExpressionContext(Map.of("#a", "a", "#b", "b"), item(":a", n(1), ":b", n(2)));

        ConditionExpression.parse(ExpressionKind.CONDITION, "#a = :a", context);
        assertThatThrownBy(context::checkAllUsed)
                .hasMessage(
                        "Value provided in ExpressionAttributeNames unused in expressions: keys:"
                                + " {#b}");
        ProjectionExpression.parse("#b", context);
        assertThatThrownBy(context::checkAllUsed)
                .hasMessage(
                        "Value provided in ExpressionAttributeValues unused in expressions: keys:"
                                + " {:b}");
        UpdateExpression.parse("SET x = :b", context);
        context.checkAllUsed();
    }

    @Test
    void countsUsesAlsoWhenTheSyntaxComesFromTheCache() {
        for (int i = 0; i < 3; i++) {
            ExpressionContext context = new ExpressionContext(Map.of("#q", "q"), item(":q", n(i)));

            ConditionExpression condition =
                    ConditionExpression.parse(ExpressionKind.FILTER, "#q = :q", context);

            context.checkAllUsed();
            assertThat(condition.matches(item("q", n(i)))).isTrue();
        }
    }

    @Test
    void refusesToMixOldAndNewParameters() {
        ExpressionParameters parameters =
                new ExpressionParameters(null, null)
                        .expression(ExpressionKind.UPDATE, "SET a = b")
                        .expression(ExpressionKind.CONDITION, "a = b")
                        .legacy("AttributeUpdates", Map.of())
                        .legacy("Expected", null)
                        .legacy("ConditionalOperator", "AND");

        assertThatThrownBy(parameters::check)
                .hasMessage(
                        "Can not use both expression and non-expression parameters in the same"
                                + " request: Non-expression parameters: {AttributeUpdates,"
                                + " ConditionalOperator} Expression parameters: {UpdateExpression,"
                                + " ConditionExpression}");
    }

    @Test
    void refusesNamesAndValuesWithoutExpressions() {
        assertThatThrownBy(() -> parameters(Map.of("#a", "a"), null, null).check())
                .hasMessage(
                        "ExpressionAttributeNames can only be specified when using expressions");
        assertThatThrownBy(() -> parameters(null, item(":a", n(1)), null).check())
                .hasMessage(
                        "ExpressionAttributeValues can only be specified when using expressions:"
                                + " UpdateExpression and ConditionExpression are null");
        assertThatThrownBy(() ->
                        new ExpressionParameters(null, item(":a", n(1)))
                                .expression(ExpressionKind.PROJECTION, "a")
                                .expression(ExpressionKind.FILTER, null)
                                .check())
                .hasMessage(
                        "ExpressionAttributeValues can only be specified when using expressions:"
                                + " FilterExpression is null");
        parameters(null, null, null).check();
        parameters(Map.of("#a", "a"), item(":a", n(1)), "").check();
    }

    @Test
    void ignoresValuesWhereNoExpressionTakesThem() {
        new ExpressionParameters(null, item(":a", n(1)))
                .expression(ExpressionKind.PROJECTION, "a")
                .check();
        assertThat(List.of(ExpressionKind.values())).hasSize(7);
    }

    private static ExpressionParameters parameters(
            @Nullable Map<String, String> names,
            @Nullable Map<String, AttributeValue> values,
            @Nullable String update) {
        return new ExpressionParameters(names, values)
                .expression(ExpressionKind.UPDATE, update)
                .expression(ExpressionKind.CONDITION, null);
    }
}
