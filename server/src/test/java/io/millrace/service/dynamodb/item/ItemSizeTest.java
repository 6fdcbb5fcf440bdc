package io.millrace.service.dynamodb.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.dynamodb.AttributeValue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

final class ItemSizeTest {

    static Stream<Arguments> sizes() {
        return Stream.of(
                Arguments.of(new AttributeValue.S(""), 0),
                Arguments.of(new AttributeValue.S("abc"), 3),
                Arguments.of(new AttributeValue.S("\u00e9"), 2),
                Arguments.of(new AttributeValue.S("\ud83d\ude00"), 4),
                Arguments.of(new AttributeValue.N("1"), 2),
                Arguments.of(new AttributeValue.N("-1"), 3),
                Arguments.of(new AttributeValue.B(new byte[5]), 5),
                Arguments.of(new AttributeValue.Null(true), 1),
                Arguments.of(new AttributeValue.Bool(false), 1),
                Arguments.of(new AttributeValue.SS(List.of("a", "bc")), 3),
                Arguments.of(new AttributeValue.NS(List.of("1", "123")), 5),
                Arguments.of(new AttributeValue.BS(List.of(new byte[1], new byte[2])), 3),
                Arguments.of(new AttributeValue.L(List.of()), 3),
                Arguments.of(new AttributeValue.L(List.of(new AttributeValue.S("ab"))), 3 + 1 + 2),
                Arguments.of(new AttributeValue.M(Map.of()), 3),
                Arguments.of(
                        new AttributeValue.M(Map.of("key", new AttributeValue.S("ab"))),
                        3 + 1 + 3 + 2));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void countsValuesAsAwsDoes(AttributeValue value, int bytes) {
        assertThat(ItemSize.bytes(value)).isEqualTo(bytes);
    }

    @Test
    void countsNamesInUtf8() {
        Map<String, AttributeValue> item =
                Map.of("pk", new AttributeValue.S("x"), "\u00e9", new AttributeValue.N("12345"));

        assertThat(ItemSize.bytes(item)).isEqualTo(2 + 1 + 2 + 4);
    }
}
