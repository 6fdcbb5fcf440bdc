package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonPathTest {

    private static final String EVENT =
            """
            {"id":"x","detail-type":"T","detail":{"a":{"b":[1.50,{"c":"d\\"e"}, [ ]]},"n":null,
             "é":true,"a.b":7,"esc\\u0041":8}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    $.id                | "x"
                    $.detail-type       | "T"
                    $.detail.a.b[0]     | 1.50
                    $.detail.a.b[1]     | {"c":"d\\"e"}
                    $.detail.a.b[1].c   | "d\\"e"
                    $.detail.a.b[2]     | [ ]
                    $.detail.n          | null
                    $.detail.é          | true
                    $.detail['a.b']     | 7
                    $['detail']["n"]    | null
                    $.detail.escA       | 8
                    $.detail.a.b[*].c   | ["d\\"e"]
                    $.detail.none[*]    | []
                    """)
    void findsTheTextThatStandsThere(String path, String expected) {
        assertThat(JsonPath.parse(path).flatMap(p -> p.read(EVENT))).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$.none",
                "$.id.x",
                "$.detail.a.b[3]",
                "$.detail.a[0]",
                "$.detail.a.b.c",
                "$[0]"
            })
    void findsNothingWhereNothingIs(String path) {
        assertThat(JsonPath.parse(path).flatMap(p -> p.read(EVENT))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "$a",
                "$.",
                "$..a",
                "$.a.",
                "$[",
                "$[]",
                "$[-1]",
                "$[a]",
                "$['']",
                "$['a]",
                "$.a b",
                "$.a[?(@.b)]",
                "$[99999999999]",
                "$.a]"
            })
    void refusesWhatIsNoPath(String path) {
        assertThat(JsonPath.parse(path)).isEmpty();
    }

    @Test
    void theRootIsEverything() {
        assertThat(JsonPath.parse("$").flatMap(p -> p.read("{\"a\":[1]}"))).contains("{\"a\":[1]}");
    }

    @Test
    void quotesAndUnquotesEveryCharacter() {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c < 300; c++) {
            all.append(c);
        }

        assertThat(JsonPathText.unquote(JsonPathText.quote(all.toString())))
                .isEqualTo(all.toString());
        assertThat(JsonPathText.unquote("\"\\u00e9\\/\\b\\f\"")).isEqualTo("é/\b\f");
    }

    @Test
    void compactKeepsWhatIsInsideStrings() {
        assertThat(JsonPathText.compact(" { \"a b\" : [ 1 , \" \\\" \\\\\" ] }\n"))
                .isEqualTo("{\"a b\":[1,\" \\\" \\\\\"]}");
    }
}
