package io.millrace.service.logs.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.Random;

/// The examples are those of AWS's documentation, and the cases around them.
final class FilterPatternTest {
    private static final String USERS =
            "{\"user\":{\"id\":1,\"email\":\"John.Stiles@example.com\"},\"users\":[{\"id\":2,"
                    + "\"email\":\"John.Doe@example.com\"},{\"id\":3,\"email\":\"Jane.Doe@example.com\"}],"
                    + "\"actions\":[\"GET\",\"PUT\",\"DELETE\"],"
                    + "\"coordinates\":[[0,1,2],[4,5,6],[7,8,9]]}";
    private static final String TRAIL =
            "{\"eventType\":\"UpdateTrail\",\"sourceIPAddress\":\"111.111.111.111\","
                    + "\"arrayKey\":[\"value\",\"another value\"],"
                    + "\"objectList\":[{\"name\":\"a\",\"id\":1},{\"name\":\"b\",\"id\":2}],"
                    + "\"SomeObject\":null,\"ThisFlag\":true,\"a.b\":\"dotted\",\"code\":\"400\","
                    + "\"latency\":500.0}";
    private static final String REQUEST =
            "127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] \"GET /index.html HTTP/1.0\" 404 1534";

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "'' ~ anything ~ true",
                "ERROR ~ [ERROR] A fatal exception has occurred ~ true",
                "ERROR ~ Exiting with ERRORCODE: -1 ~ true",
                "error ~ ERROR ~ false",
                "ERROR -Exiting ~ Exiting with ERRORCODE: -1 ~ false",
                "ERROR - \"Exiting\" ~ Exiting with ERRORCODE: -1 ~ false",
                "ERROR Exception ~ [ERROR] Unhandled Exception ~ true",
                "ERROR Exception ~ [ERROR] Unhandled ~ false",
                "\"Failed to process\" ~ [WARN] Failed to process the request ~ true",
                "\"Failed process\" ~ [WARN] Failed to process the request ~ false",
                "\"say \\\"hi\\\"\" ~ say \"hi\" now ~ true",
                "?ERROR ?WARN ~ WARN message ~ true",
                "?ERROR ?WARN ~ INFO message ~ false",
                "ERROR ?WARN ~ ERROR message ~ true",
                "-WARN ~ ERROR message ~ true",
                "%AUTHORIZED% ~ [ERROR 401] UNAUTHORIZED REQUEST ~ true",
                "%40[0-3]% ~ code 402 ~ true",
                "%40[0-3]% ~ code 404 ~ false",
                "%^code% -%4$% ~ code 404 ~ false",
                "%\\d{3}$% ~ code 404 ~ true",
            })
    void terms(String pattern, String message, boolean matches) {
        assertThat(FilterPattern.parse(pattern).matches(message)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{ $.eventType = \"UpdateTrail\" } ~ true",
                "{$.eventType=UpdateTrail} ~ true",
                "{ $.eventType = \"Update*\" } ~ true",
                "{ $.eventType = *Trail } ~ true",
                "{ $.eventType = *ate* } ~ true",
                "{ $.eventType = Up*ail } ~ false",
                "{ $.eventType = * } ~ true",
                "{ $.missing = * } ~ false",
                "{ $.sourceIPAddress != 123.123.* } ~ true",
                "{ $.sourceIPAddress != 111.111.* } ~ false",
                "{ $.sourceIPAddress = %111\\.111% } ~ true",
                "{ $.arrayKey[0] = \"value\" } ~ true",
                "{ $.arrayKey[2] = \"value\" } ~ false",
                "{ $.arrayKey = \"value\" } ~ false",
                "{ $.arrayKey != \"value\" } ~ false",
                "{ $.arrayKey[*] = \"another value\" } ~ true",
                "{ $.objectList[1].id = 2 } ~ true",
                "{ $.objectList[*].id > 2 } ~ false",
                "{ $.objectList[*].id >= 2 } ~ true",
                "{ $.*.id = 2 } ~ false",
                "{ $.SomeObject IS NULL } ~ true",
                "{ $.eventType IS NULL } ~ false",
                "{ $.missing IS NULL } ~ false",
                "{ $.SomeOtherObject NOT EXISTS } ~ true",
                "{ $.SomeObject NOT EXISTS } ~ false",
                "{ $.ThisFlag IS TRUE } ~ true",
                "{ $.ThisFlag is false } ~ false",
                "{ $.missing != x } ~ false",
                "{ $['a.b'] = dotted } ~ true",
                "{ $.[\"a.b\"] = dotted } ~ true",
                "{ $.code = 400 } ~ true",
                "{ $.code > 300 } ~ true",
                "{ $.latency = 500 } ~ true",
                "{ $.latency >= 5e2 } ~ true",
                "{ $.latency < +500.5 } ~ true",
                "{ $.latency > 500 } ~ false",
                "{ $.eventType > 5 } ~ false",
            })
    void json(String pattern, boolean matches) {
        assertThat(FilterPattern.parse(pattern).matches(TRAIL)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{ ($.user.id = 1) && ($.users[0].email = \"John.Doe@example.com\") } ~ true",
                "{ ($.user.id = 2 && $.users[0].email = \"n\") || $.actions[2] = \"GET\" } ~ false",
                "{ $.user.email = \"John.Stiles@example.com\" || $.coordinates[0][1] = nonmatch &&"
                        + " $.actions[2] = nomatch } ~ true",
                "{ ($.user.email = \"John.Stiles@example.com\" || $.coordinates[0][1] = nonmatch)"
                        + " && $.actions[2] = nomatch } ~ false",
            })
    void compounds(String pattern, boolean matches) {
        assertThat(FilterPattern.parse(pattern).matches(USERS)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "", "[1]", "{\"eventType\":", "null"})
    void otherEventsDoNotMatchJson(String message) {
        FilterPattern pattern = FilterPattern.parse("{ $.a NOT EXISTS }");

        assertThat(pattern.matches(message)).isFalse();
        assertThat(pattern.matches(" {\"b\":1}")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "[ip, id, user, timestamp, request, status_code, bytes] ~ true",
                "[ip, id, user, timestamp, request, status_code] ~ false",
                "[..., status_code, bytes] ~ true",
                "[ip, user, ..., status_code, bytes] ~ true",
                "[ip, user, ...] ~ true",
                "[a, b, c, d, e, f, g, ...] ~ true",
                "[a, b, c, d, e, f, g, h, ...] ~ false",
                "[..., bytes > 1000] ~ true",
                "[..., bytes > 2000] ~ false",
                "[..., status_code = 4*, bytes] ~ true",
                "[..., request = *html*, status_code = 4*, ] ~ true",
                "[..., status_code = 4* && status_code != 403, bytes] ~ true",
                "[..., status_code = 4* && status_code != 404, bytes] ~ false",
                "[..., status_code = 200 || status_code = 404, bytes] ~ true",
                "[ip = %127\\.0\\.0\\.[0-9]+%, ...] ~ true",
                "[ip, id, user = \"frank\", ...] ~ true",
                "[...] ~ true",
            })
    void fields(String pattern, boolean matches) {
        assertThat(FilterPattern.parse(pattern).matches(REQUEST)).isEqualTo(matches);
    }

    @Test
    void extractsTheFieldsOfWhatMatches() {
        FilterPattern pattern = FilterPattern.parse("[..., request=*.html*, status_code=4*,]");

        assertThat(pattern.matches(REQUEST)).isTrue();
        assertThat(pattern.extract(REQUEST))
                .isEqualTo(
                        Map.of(
                                "$status_code", "404",
                                "$request", "GET /index.html HTTP/1.0",
                                "$7", "1534",
                                "$4", "10/Oct/2000:13:25:15 -0700",
                                "$3", "frank",
                                "$2", "-",
                                "$1", "127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{ $.a = 1 ~ If a filter pattern starts with '{' it must end with '}'",
                "[a, b ~ If a filter pattern starts with '[' it must end with ']'",
                "{ $.a } ~ Invalid filter pattern",
                "{ a = 1 } ~ Invalid filter pattern",
                "{ $ = 1 } ~ Invalid filter pattern",
                "{ $.a = } ~ Invalid filter pattern",
                "{ $.a > x } ~ Invalid filter pattern",
                "{ $.a = 1 && } ~ Invalid filter pattern",
                "{ ($.a = 1 } ~ Invalid filter pattern",
                "{ $.a IS MAYBE } ~ Invalid filter pattern",
                "{ $.a[x] = 1 } ~ Invalid filter pattern",
                "{ $.a = \"x } ~ Invalid filter pattern",
                "[a = 1 && b = 2] ~ Invalid filter pattern",
                "[..., a, ...] ~ Invalid filter pattern",
                "\"open ~ Invalid filter pattern",
                "%open ~ Invalid filter pattern",
                "a:b ~ Invalid character(s) in term 'a:b'",
                "%something!% ~ Invalid character(s) in term 'something!'",
                "%(a)% ~ Invalid character(s) in term '(a)'",
                "%a**b[% ~ Invalid character(s) in term 'a**b['",
                "{ $.a = %a% || $.a = %b% || $.a = %c% } ~ A filter pattern can contain at most 2"
                        + " regular expressions",
            })
    void refusesWhatIsNoPattern(String pattern, String reason) {
        assertThatThrownBy(() -> FilterPattern.parse(pattern))
                .isInstanceOfSatisfying(
                        FilterPatternException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void aRegexThatTakesTooLongIsCutOff() {
        FilterPattern pattern = FilterPattern.parse("%" + "a*".repeat(20) + "b%");
        String message = "a".repeat(10_000);

        assertThatThrownBy(() -> pattern.matches(message))
                .isInstanceOf(FilterPatternException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyTextIsAPatternOrIsRefused(long seed) {
        Random random = new Random(seed);
        String[] parts = {
            "{", "}", "[", "]", "$", ".", "a", "b", "*", " ", "=", "!=", ">", "<=", "&&", "||", "(",
            ")", "\"", "%", "-", "?", "...", ",", "IS", "NULL", "NOT", "EXISTS", "1", "e5", "\\",
            "é", "\n"
        };
        String[] messages = {TRAIL, REQUEST, "", "a b", "{}", "[", "\""};
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int kind = random.nextInt(3);
            text.append(kind == 0 ? "{ $.a" : kind == 1 ? "[" : "");
            for (int j = random.nextInt(12); j > 0; j--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            text.append(kind == 0 ? "}" : kind == 1 ? "]" : "");
            try {
                FilterPattern pattern = FilterPattern.parse(text.toString());
                for (String message : messages) {
                    if (pattern.matches(message)) {
                        pattern.extract(message);
                    }
                }
                read++;
            } catch (FilterPatternException e) {
                assertThat(e.reason()).as("seed %d: %s", seed, text).isNotEmpty();
            }
        }
        assertThat(read).as("seed %d", seed).isGreaterThan(500);
    }

    @Test
    void aNumberBeyondAllBoundsEqualsNothing() {
        assertThat(FilterPattern.parse("{ $.a > 1 }").matches("{\"a\":1e400}")).isFalse();
        assertThat(FilterPattern.parse("{ $.a = * }").matches("{\"a\":1e400}")).isFalse();
    }
}
