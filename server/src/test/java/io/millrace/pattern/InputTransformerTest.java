package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pattern.InputTransformer.Output;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

final class InputTransformerTest {

    private static final String EVENT =
            """
            {"version":"0","id":"e1","detail-type":"T","source":"s","account":"1",\
            "time":"2026-01-02T03:04:05Z","replay-name":"r","detail":{"str":"a\\"b","n":1.50,\
            "yes":true,"nil":null,"obj":{"k":"v","q":"x\\"y\\\\z"},"list":["a",1],\
            "flat":{"k":"v","n":1},"tab":"l\\ns\\\\t\\te"}}\
            """;

    private static final InputTransformer.Context CONTEXT = context(EVENT);

    private static final Map<String, String> PATHS =
            Map.ofEntries(
                    Map.entry("flat", "$.detail.flat"),
                    Map.entry("tab", "$.detail.tab"),
                    Map.entry("str", "$.detail.str"),
                    Map.entry("n", "$.detail.n"),
                    Map.entry("yes", "$.detail.yes"),
                    Map.entry("nil", "$.detail.nil"),
                    Map.entry("obj", "$.detail.obj"),
                    Map.entry("list", "$.detail.list"),
                    Map.entry("pair", "$.detail.list[*]"),
                    Map.entry("none", "$.detail.none"),
                    Map.entry("id-1_A", "$.id"));

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
                    {"a":[<none>]}              | {"a":[""]}
                    {"a":"<none>"}              | {"a":""}
                    {"a":"x <str> y"}           | {"a":"x a\\"b y"}
                    {"a":"x <tab> y"}           | {"a":"x l\\ns\\\\t\\te y"}
                    {"a":"<n>/<yes>/<nil>"}     | {"a":"1.50/true/null"}
                    {"a":"say \\"<id-1_A>\\""}  | {"a":"say \\"e1\\""}
                    "text <id-1_A>"             | "text e1"
                    "before <none> after"       | "before  after"
                    "say \\"<id-1_A>\\""        | "say \\"e1\\""
                    "{[/ <n>"                   | "{[/ 1.50"
                    "<flat>; <pair>"            | "{k:v,n:1}; [a,1]"
                    [<n>,<nil>]                 | [1.50,null]
                    <n>                         | 1.50
                    <nil>                       | null
                    {"a":"1 < 2 > 1"}           | {"a":"1 < 2 > 1"}
                    {"a":"<aws.events.rule-arn> <aws.events.rule-name>"} | {"a":"arn:rule r"}
                    "<aws.events.rule-name> of <aws.events.rule-arn>" | "r of arn:rule"
                    {"a":<aws.events.event.ingestion-time>} | {"a":"2026-01-01T00:00:00Z"}
                    """)
    void fillsThePlaces(String template, String expected) throws Exception {
        assertThat(transform(template)).isEqualTo(expected);
    }

    /// Seen at AWS: in a template that is an object, objects and lists come into strings with their
    /// quotes; in any other, strings come without theirs.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"a":"<flat>"}              | {"a":"{"k":"v","n":1}"}
                    {"a":"x <pair> y"}          | {"a":"x ["a",1] y"}
                    "prefix <str> suffix"       | "prefix a"b suffix"
                    [1,<none>,2]                | [1,,2]
                    [{"a":<none>}]              | [{"a":}]
                    [<id-1_A>]                  | [e1]
                    [<flat>]                    | [{k:v,n:1}]
                    [<pair>]                    | [[a,1]]
                    <flat>                      | {k:v,n:1}
                    <id-1_A>                    | e1
                    """)
    void tellsWhenWhatItMakesIsNotJson(String template, String expected) throws Exception {
        assertThat(output(template)).isEqualTo(new Output.NotJson(expected));
    }

    /// The check puts `null` in the place, and `\n` is an escape.
    @Test
    void tellsWhenABackslashBeforeAPlaceEscapesTheValue() throws Exception {
        assertThat(output("{\"a\":\"\\<tab>\"}"))
                .isEqualTo(new Output.NotJson("{\"a\":\"\\l\\ns\\\\t\\te\"}"));
        assertThat(output("{\"a\":\"\\\\\\<none>\"}"))
                .isEqualTo(new Output.NotJson("{\"a\":\"\\\\\\\"}"));
        assertThat(transform("{\"a\":\"\\\\<tab>\"}")).isEqualTo("{\"a\":\"\\\\l\\ns\\\\t\\te\"}");
    }

    @Test
    void takesWhatEventsMayNestAndNumbersOfAnyLength() throws Exception {
        String deep = "[".repeat(999) + "]".repeat(999);
        String event = "{\"detail\":{\"deep\":" + deep + "}}";
        Map<String, String> paths = Map.of("d", "$.detail.deep", "detail", "$.detail");
        for (String template : List.of("[<d>]", "{\"a\":<detail>,\"b\":\"[<none>]\"}")) {
            assertThat(InputTransformer.of(paths, template).transform(context(event)))
                    .isInstanceOf(Output.Json.class);
        }

        InputTransformer.check("t1", null, "[" + "1".repeat(5000) + "]");
    }

    @Test
    void whatIsNotJsonMayHoldALineEnd() throws Exception {
        assertThat(output("\"prefix <tab> suffix\""))
                .isEqualTo(new Output.NotJson("\"prefix l\ns\\t\te suffix\""));
        assertThat(output("<none>")).isEqualTo(new Output.NotJson(""));
    }

    /// Seen at AWS: without any path of one's own, places are not checked.
    @Test
    void aPlaceThatNothingIsKnownOfStays() throws Exception {
        InputTransformer.check("t1", null, "\"before <undefined> after\"");
        InputTransformer.check("t1", null, "{\"a\":<aws.events.unknown>}");

        assertThat(InputTransformer.of(null, "\"before <undefined> after\"").transform(CONTEXT))
                .isEqualTo(new Output.Json("\"before <undefined> after\""));
        assertThat(InputTransformer.of(null, "{\"a\":<aws.events.unknown>}").transform(CONTEXT))
                .isEqualTo(new Output.NotJson("{\"a\":<aws.events.unknown>}"));
    }

    @Test
    void tellsTheEventWithAndWithoutItsDetail() throws Exception {
        assertThat(transform("{\"a\":<aws.events.event>}"))
                .isEqualTo(
                        "{\"a\":{\"id\":\"e1\",\"account\":\"1\",\"detailType\":\"T\",\"time\":1767323045000,\"source\":\"s\",\"version\":\"0\",\"replay-name\":\"r\"}}");
        assertThat(transform("{\"a\":<aws.events.event.json>}")).isEqualTo("{\"a\":" + EVENT + "}");
    }

    @Test
    void stringsMayStandOnLinesOfTheirOwn() throws Exception {
        assertThat(transform("\"first <n>\"\n\"second <yes>\""))
                .isEqualTo("\"first 1.50\"\n\"second true\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    plain <n>         | plain null          | 1
                    {"a":<n>          | {"a":null           | 10
                    {"a":<n>}}        | {"a":null}}         | 11
                    {} {}             | {} {}               | 4
                    1 2               | 1 2                 | 3
                    "a" 1             | "a" 1               | 5
                    """)
    void refusesATemplateThatCannotBecomeJson(String template, String filled, int column) {
        assertThatThrownBy(() -> InputTransformer.check("t1", PATHS, template))
                .isInstanceOf(InputTransformer.InvalidException.class)
                .hasMessage(
                        "Invalid InputTemplate for target t1 : [Source: (String)\""
                                + filled
                                + "\"; line: 1, column: "
                                + column
                                + "].");
    }

    @Test
    void refusesAPlaceWithoutAVariable() {
        assertThatThrownBy(() -> InputTransformer.check("t1", PATHS, "{\"a\":<other>}"))
                .hasMessage("InputTemplate for target t1 contains invalid placeholder other.");
    }

    @Test
    void refusesAPlaceInAName() throws Exception {
        for (String template : List.of("{\"<n>\":1}", "{\"a\":{\"b <n>\\\" c\" : 1}}")) {
            assertThatThrownBy(() -> InputTransformer.check("t1", PATHS, template))
                    .hasMessage(
                            "InputTemplate placeholder present as a JSON object key for target"
                                    + " t1.");
        }
        InputTransformer.check("t1", PATHS, "{\"a\": <n>, \":k\": \"<n>\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"<aws.events.event.json>\"",
                "<aws.events.event.json>",
                "[<aws.events.event.json>]"
            })
    void refusesTheEventOutsideOfAnObject(String template) {
        assertThatThrownBy(() -> InputTransformer.check("t1", null, template))
                .hasMessage(
                        "InputTemplate for target t1 contains placeholder aws.events.event.json"
                                + " valid only for JSON template.");
    }

    @Test
    void refusesPathsThatAreNone() {
        for (String path :
                List.of("detail", "", "$['a']", "$.a.*", "$..a", "$.a[-1]", "$.a[0:1]")) {
            assertThatThrownBy(() -> InputTransformer.check("t1", Map.of("a", path), "{}"))
                    .hasMessage("InputPath for target t1 is invalid.");
        }
        assertThatThrownBy(() -> InputTransformer.check("t1", Map.of("aws.x", "$"), "{}"))
                .hasMessage("InputPathsMap for target t1 contains reserved key aws.x.");
    }

    @Test
    void doesNotGrowBeyondItsBound() {
        String event = "{\"detail\":{\"a\":\"" + "x".repeat(1_000_000) + "\"}}";
        InputTransformer transformer =
                InputTransformer.of(Map.of("a", "$.detail.a"), "\"" + "<a>".repeat(2000) + "\"");

        assertThat(transformer.transform(context(event))).isEqualTo(new Output.TooLong());
    }

    private static String transform(String template) throws Exception {
        return output(template) instanceof Output.Json(String text) ? text : "not JSON";
    }

    private static Output output(String template) throws Exception {
        InputTransformer.check("t1", PATHS, template);
        return InputTransformer.of(PATHS, template).transform(CONTEXT);
    }

    private static InputTransformer.Context context(String event) {
        return new InputTransformer.Context("arn:rule", "r", "2026-01-01T00:00:00Z", event);
    }
}
