package io.millrace.service.dynamodb.expression;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The messages against invalid expressions, most of them from suites that were run against AWS.
final class ExpressionErrorsTest {

    static List<Arguments> errors() {
        List<Arguments> errors = new ArrayList<>();
        ExpressionKind kind = ExpressionKind.FILTER;
        Map<String, String> names = Map.of();
        Map<String, AttributeValue> values = Map.of();
        for (String line : DataFile.lines("errors.txt")) {
            if (line.startsWith("= ")) {
                kind = kind(line.substring(2));
                names = new HashMap<>();
                values = new HashMap<>();
            } else if (line.matches("#\\w+ = .*") && !line.contains("|")) {
                int sign = line.indexOf(" = ");
                names.put(line.substring(0, sign), line.substring(sign + 3));
            } else if (line.matches(":\\w+ = .*") && !line.contains("|")) {
                int sign = line.indexOf(" = ");
                values.put(line.substring(0, sign), Requests.typed(line.substring(sign + 3)));
            } else {
                int bar = line.lastIndexOf(" | ");
                String message = line.substring(bar + 3);
                errors.add(Arguments.of(kind, line.substring(0, bar), names, values, message));
            }
        }
        return errors;
    }

    @ParameterizedTest
    @MethodSource("errors")
    void refusesInvalidExpressionsInTheWordsOfAws(
            ExpressionKind kind,
            String text,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            String message) {
        ExpressionContext context = Requests.context(names, values);

        assertThatThrownBy(() -> Requests.parse(kind, text, context))
                .isInstanceOf(ServiceException.class)
                .hasMessage("Invalid " + kind.parameter() + ": " + message);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STATEMENT")
    void refusesEmptyExpressions(ExpressionKind kind) {
        for (String text : List.of("", " ", " \t\n")) {
            assertThatThrownBy(() -> Requests.parse(kind, text, Requests.given()))
                    .hasMessage(
                            "Invalid " + kind.parameter() + ": The expression can not be empty;");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STATEMENT")
    void refusesExpressionsBeyond4Kb(ExpressionKind kind) {
        String text = "\u00e9".repeat(2_000) + "a".repeat(97);

        assertThatThrownBy(() -> Requests.parse(kind, text, Requests.given()))
                .hasMessage(
                        "Invalid "
                                + kind.parameter()
                                + ": Expression size has exceeded the maximum allowed size;"
                                + " expression size: 4097");
    }

    private static ExpressionKind kind(String parameter) {
        return Arrays.stream(ExpressionKind.values())
                .filter(kind -> kind.parameter().equals(parameter))
                .findFirst()
                .orElseThrow();
    }
}
