package io.millrace.service.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.dynamodb.AttributeValue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

final class ItemRulesTest {

    private static final byte[] B = {'b'};
    private static final String INVALID = "One or more parameter values were invalid: ";

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(
                        new AttributeValue.SS(List.of()),
                        INVALID + "An string set  may not be empty"),
                Arguments.of(
                        new AttributeValue.NS(List.of()),
                        INVALID + "An number set  may not be empty"),
                Arguments.of(
                        new AttributeValue.BS(List.of()),
                        INVALID + "Binary sets should not be empty"),
                Arguments.of(
                        new AttributeValue.SS(List.of("a", "a")),
                        INVALID + "Input collection [a, a] contains duplicates."),
                Arguments.of(
                        new AttributeValue.SS(List.of("", "x", "")),
                        INVALID + "Input collection [, x, ] contains duplicates."),
                Arguments.of(
                        new AttributeValue.NS(List.of("1", "1")),
                        "Input collection contains duplicates"),
                Arguments.of(
                        new AttributeValue.NS(List.of("1", "1.0")),
                        "Input collection contains duplicates"),
                Arguments.of(
                        new AttributeValue.BS(List.of(B, B.clone())),
                        INVALID + "Input collection [Yg==, Yg==]of type BS contains duplicates."),
                Arguments.of(
                        new AttributeValue.NS(List.of("1", "")),
                        "The parameter cannot be converted to a numeric value"),
                Arguments.of(
                        new AttributeValue.NS(List.of("1", "b")),
                        "The parameter cannot be converted to a numeric value: b"),
                Arguments.of(
                        new AttributeValue.N("abc"),
                        "The parameter cannot be converted to a numeric value: abc"),
                Arguments.of(
                        new AttributeValue.Null(false),
                        INVALID + "Null attribute value types must have the value of true"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesInvalidValuesAtAnyDepth(AttributeValue value, String message) {
        AttributeValue inList = new AttributeValue.L(List.of(new AttributeValue.S("x"), value));
        AttributeValue inMap = new AttributeValue.M(Map.of("m", inList));

        assertThatThrownBy(() -> ItemRules.normal(value)).hasMessage(message);
        assertThatThrownBy(() -> ItemRules.normal(inList)).hasMessage(message);
        assertThatThrownBy(() -> ItemRules.normal(Map.of("a", inMap))).hasMessage(message);
    }

    @Test
    void acceptsEmptyStringsAndBinariesAlsoInSetsAndEmptyDocuments() {
        Map<String, AttributeValue> item =
                Map.of(
                        "s", new AttributeValue.S(""),
                        "b", new AttributeValue.B(new byte[0]),
                        "ss", new AttributeValue.SS(List.of("")),
                        "bs", new AttributeValue.BS(List.of(new byte[0])),
                        "l", new AttributeValue.L(List.of()),
                        "m", new AttributeValue.M(Map.of()));

        assertThat(ItemRules.normal(item)).isSameAs(item);
    }

    @Test
    void bringsNumbersIntoNormalFormAndLeavesTheRestAsItIs() {
        AttributeValue untouched = new AttributeValue.L(List.of(new AttributeValue.N("7")));
        Map<String, AttributeValue> item =
                Map.of(
                        "n",
                        new AttributeValue.N("1e2"),
                        "ns",
                        new AttributeValue.NS(List.of("1.0", "-0")),
                        "m",
                        new AttributeValue.M(
                                Map.of("l", new AttributeValue.L(List.of(n("01"), n("2"))))),
                        "u",
                        untouched);

        Map<String, AttributeValue> normal = ItemRules.normal(item);

        assertThat(normal)
                .containsEntry("n", n("100"))
                .containsEntry("ns", new AttributeValue.NS(List.of("1", "0")))
                .containsEntry(
                        "m",
                        new AttributeValue.M(
                                Map.of("l", new AttributeValue.L(List.of(n("1"), n("2"))))));
        assertThat(normal.get("u")).isSameAs(untouched);
        assertThat(item).containsEntry("n", n("1e2"));
    }

    @Test
    void acceptsValuesThatAre32LevelsDeepAndNoDeeper() {
        AttributeValue deepest = nested(31);
        AttributeValue tooDeep = nested(32);
        String message =
                "Nesting Levels have exceeded supported limits: Attributes in the item have nested"
                        + " levels beyond supported limit";

        assertThat(ItemRules.normal(Map.of("a", deepest))).containsEntry("a", deepest);
        assertThatThrownBy(() -> ItemRules.normal(Map.of("a", tooDeep))).hasMessage(message);
        assertThatThrownBy(() -> ItemRules.checkDepth(Map.of("a", tooDeep))).hasMessage(message);
        ItemRules.checkDepth(Map.of("a", deepest));
    }

    @Test
    void acceptsWhatItReturned() {
        Random random = new Random(31);
        for (int i = 0; i < 2_000; i++) {
            Map<String, AttributeValue> item = RandomValues.item(random);

            assertThat(ItemRules.normal(item)).isEqualTo(item);
        }
    }

    private static AttributeValue n(String number) {
        return new AttributeValue.N(number);
    }

    private static AttributeValue nested(int maps) {
        AttributeValue value = new AttributeValue.S("leaf");
        for (int i = 0; i < maps; i++) {
            value = new AttributeValue.M(Map.of("n", value));
        }
        return value;
    }
}
