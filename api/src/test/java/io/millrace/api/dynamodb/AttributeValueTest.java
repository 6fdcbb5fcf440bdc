package io.millrace.api.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.Constraints;
import io.millrace.api.codec.JsonShapeReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

final class AttributeValueTest {

    private static PutItemInput read(String value) {
        String json = "{\"TableName\":\"\",\"Item\":{\"a\":" + value + "}}";
        return JsonShapeReader.read(json.getBytes(StandardCharsets.UTF_8), PutItemInput.SCHEMA);
    }

    private static InvalidAttributeValue refusal(String value) {
        return catchThrowableOfType(InvalidAttributeValue.class, () -> read(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":\"\"}",
                "{\"M\":{\"a\":{}}}",
                "{\"L\":[{}]}",
                "{\"L\":[null]}",
                "{\"M\":{\"a\":null}}",
                "{\"S\":null}",
                "null",
                "{\"L\":[{\"a\":{}}]}"
            })
    void refusesAValueWithoutAType(String value) {
        assertThat(refusal(value).message())
                .isEqualTo(
                        "Supplied AttributeValue is empty, must contain exactly one of the"
                                + " supported datatypes");
    }

    @Test
    void refusesAValueWithTwoTypesAndTellsBoth() {
        InvalidAttributeValue refusal = refusal("{\"S\":\"a\",\"N\":\"b\"}");

        assertThat(refusal.message())
                .isEqualTo(
                        "Supplied AttributeValue has more than one datatypes set, must contain"
                                + " exactly one of the supported datatypes");
        assertThat(refusal.given())
                .isEqualTo(List.of(new AttributeValue.S("a"), new AttributeValue.N("b")));
    }

    @Test
    void letsConstraintsOfTheModelComeFirst() {
        assertThat(Constraints.check(refusal("{}").shape()))
                .containsExactly(
                        "Value '' at 'tableName' failed to satisfy constraint: Member must have"
                                + " length greater than or equal to 1");
    }

    @Test
    void keepsTheTextOfANumber() {
        assertThat(read("{\"N\":\"1.0E+2\"}").item().get("a"))
                .isEqualTo(new AttributeValue.N("1.0E+2"));
    }

    @Test
    void comparesBytesByContent() {
        assertThat(new AttributeValue.B(new byte[] {1}))
                .isEqualTo(new AttributeValue.B(new byte[] {1}));
        assertThat(new AttributeValue.BS(List.of(new byte[] {1})))
                .isEqualTo(new AttributeValue.BS(List.of(new byte[] {1})))
                .hasSameHashCodeAs(new AttributeValue.BS(List.of(new byte[] {1})));
    }
}
