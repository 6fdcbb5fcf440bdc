package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.Map;

final class InputTransformerTest {

    private static final String EVENT =
            """
            {"version":"0","id":"e1","detail-type":"T","source":"s","detail":{"str":"a\\"b","n":1.50,\
            "yes":true,"nil":null,"obj":{"k":"v","q":"x\\"y\\\\z"},"list":["a",1]}}\
            """;

    private static final Map<String, String> PATHS =
            Map.of(
                    "str", "$.detail.str",
                    "n", "$.detail.n",
                    "yes", "$.detail.yes",
                    "nil", "$.detail.nil",
                    "obj", "$.detail.obj",
                    "list", "$.detail.list",
                    "none", "$.detail.none",
                    "id-1_A", "$.id");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"a":<str>}                 | {"a":"a\\"b"}
                    {"a": <n>, "b": <yes>}      | {"a": 1.50, "b": true}
                    {"a":<nil>}                 | {"a":null}
                    {"a":<obj>}                 | {"a":{"k":"v","q":"x\\"y\\\\z"}}
                    {"a":<list>}                | {"a":["a",1]}
                    {"a":<none>}                | {"a":""}
                    {"a":"<none>"}              | {"a":""}
                    {"a":"x <str> y"}           | {"a":"x a\\"b y"}
                    {"a":"<n>/<yes>/<nil>"}     | {"a":"1.50/true/null"}
                    {"a":"<obj>"}               | {"a":"{k:v,q:xy\\\\z}"}
                    {"a":"<list>"}              | {"a":"[a,1]"}
                    {"a":"say \\"<id-1_A>\\""}  | {"a":"say \\"e1\\""}
                    {"<id-1_A>":1}              | {"e1":1}
                    "text <id-1_A>"             | "text e1"
                    "{[/ <n>"                   | "{[/ 1.50"
                    <obj>                       | {"k":"v","q":"x\\"y\\\\z"}
                    [<n>,<n>]                   | [1.50,1.50]
                    {"a":"1 < 2 > 1"}           | {"a":"1 < 2 > 1"}
                    {"a":"<aws.events.rule-arn> <aws.events.rule-name>"} | {"a":"arn:rule r"}
                    {"a":<aws.events.event.ingestion-time>} | {"a":"2026-01-01T00:00:00Z"}
                    """)
    void fillsThePlaces(String template, String expected) throws Exception {
        assertThat(transform(template)).isEqualTo(expected);
    }

    @Test
    void tellsTheEventWithAndWithoutItsDetail() throws Exception {
        assertThat(transform("{\"a\":<aws.events.event>}"))
                .isEqualTo(
                        "{\"a\":{\"version\":\"0\",\"id\":\"e1\",\"detailType\":\"T\",\"source\":\"s\"}}");
        assertThat(transform("{\"a\":<aws.events.event.json>}")).isEqualTo("{\"a\":" + EVENT + "}");
    }

    @Test
    void stringsMayStandOnLinesOfTheirOwn() throws Exception {
        assertThat(transform("\"first <n>\"\n\"second <yes>\""))
                .isEqualTo("\"first 1.50\"\n\"second true\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain <n>",
                "{\"a\":<n>",
                "{\"a\":\"<n>}",
                "{\"a\":<n>}}",
                "{} {}",
                "1 2",
                "{<n>:1 2}",
                " ",
                "\"a\" 1"
            })
    void refusesATemplateThatCannotBecomeJson(String template) {
        assertThatThrownBy(() -> InputTransformer.of("t1", PATHS, template))
                .isInstanceOf(InputTransformer.InvalidException.class)
                .hasMessageStartingWith(
                        "Invalid InputTemplate for target t1 : [Source: (String)\"" + template)
                .hasMessageMatching("(?s).*line: \\d+, column: \\d+\\]\\.");
    }

    @Test
    void refusesAPlaceWithoutAVariable() {
        assertThatThrownBy(() -> InputTransformer.of("t1", PATHS, "{\"a\":<other>}"))
                .hasMessage("InputTemplate for target t1 contains invalid placeholder other.");
        assertThatThrownBy(() -> InputTransformer.of("t1", null, "\"<aws.events.other>\""))
                .hasMessage(
                        "InputTemplate for target t1 contains invalid placeholder aws.events.other.");
    }

    @Test
    void refusesPathsThatAreNone() {
        assertThatThrownBy(() -> InputTransformer.of("t1", Map.of("a", "detail"), "{}"))
                .hasMessage("Invalid InputPathsMap for target t1.");
        assertThatThrownBy(() -> InputTransformer.of("t1", Map.of("aws.x", "$"), "{}"))
                .hasMessage("InputPathsMap for target t1 contains reserved key aws.x.");
    }

    @Test
    void doesNotGrowBeyondItsBound() throws Exception {
        String event = "{\"detail\":{\"a\":\"" + "x".repeat(1_000_000) + "\"}}";
        Map<String, String> paths = new HashMap<>(Map.of("a", "$.detail.a"));
        InputTransformer transformer =
                InputTransformer.of("t1", paths, "\"" + "<a>".repeat(2000) + "\"");

        assertThat(transformer.transform(context(event))).isEmpty();
    }

    private static String transform(String template) throws Exception {
        return InputTransformer.of("t1", PATHS, template).transform(context(EVENT)).orElseThrow();
    }

    private static InputTransformer.Context context(String event) {
        return new InputTransformer.Context("arn:rule", "r", "2026-01-01T00:00:00Z", event);
    }
}
