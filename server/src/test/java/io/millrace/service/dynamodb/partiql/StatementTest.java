package io.millrace.service.dynamodb.partiql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.expression.Condition;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.partiql.Statement.Order;
import io.millrace.service.dynamodb.partiql.Statement.Returning;
import io.millrace.service.dynamodb.partiql.Statement.Source;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// Statements that are read, and what the others are refused for.
final class StatementTest {
    private static final String MALFORMED = "Statement wasn't well formed, can't be processed: ";

    private static Statement read(String text, AttributeValue... parameters) {
        return Statement.of(text, List.of(parameters));
    }

    private static String refusal(String text) {
        try {
            Statement.of(text, List.of());
        } catch (ServiceException e) {
            assertThat(e.error().code()).isEqualTo("ValidationException");
            return e.message();
        }
        return "no refusal";
    }

    private static AttributeValue inserted(String value) {
        Statement statement = read("INSERT INTO tab VALUE {'x': " + value + "}");
        Map<String, AttributeValue> item = ((Statement.Insert) statement).item();
        return item.getOrDefault("x", new AttributeValue.S("nothing"));
    }

    @Test
    void readsTheTableAndTheIndex() {
        assertThat(read("SELECT * FROM tab").source()).isEqualTo(new Source("tab", null));
        assertThat(read("select * from \"my-tab.1\".\"my idx\"").source())
                .isEqualTo(new Source("my-tab.1", "my idx"));
        assertThat(
                        read("DELETE FROM \"arn:aws:dynamodb:us-east-1:000000000000:table/tab\"")
                                .source())
                .isEqualTo(new Source("arn:aws:dynamodb:us-east-1:000000000000:table/tab", null));
    }

    @Test
    void readsOrders() {
        Statement.Select select =
                (Statement.Select)
                        read("SELECT * FROM tab WHERE a=1 ORDER BY a, \"b\" DESC, c ASC");

        assertThat(select.order())
                .containsExactly(
                        new Order("a", false), new Order("b", true), new Order("c", false));
    }

    @ParameterizedTest
    @CsvSource({
        "ALL OLD *, ALL_OLD",
        "all new *, ALL_NEW",
        "Modified Old *, MODIFIED_OLD",
        "MODIFIED NEW*, MODIFIED_NEW"
    })
    void readsWhatIsReturned(String text, Returning returning) {
        Statement.Update update =
                (Statement.Update) read("UPDATE tab SET a = 1 WHERE b = 1 RETURNING " + text);

        assertThat(update.returning()).isEqualTo(returning);
    }

    @Test
    void readsAnUpdateThatNamesItsTableFirst() {
        Statement.Update update =
                (Statement.Update)
                        read("FROM tab WHERE a = 1 SET b = 1 REMOVE c RETURNING ALL OLD *");

        assertThat(update.update().paths().toString()).isEqualTo("[[b], [c]]");
        assertThat(update.where()).isNotNull();
        assertThat(update.returning()).isEqualTo(Returning.ALL_OLD);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "literals.csv", delimiter = '~', quoteCharacter = '`')
    void readsLiterals(String literal, String value) {
        assertThat(inserted(literal)).hasToString(value);
    }

    @Test
    void putsParametersInTheirOrder() {
        Statement.Insert insert =
                (Statement.Insert)
                        read(
                                "INSERT INTO tab VALUE {'a': ?, 'b': ?}",
                                new AttributeValue.N("1.0"),
                                new AttributeValue.S("?"));

        assertThat(insert.item())
                .isEqualTo(Map.of("a", new AttributeValue.N("1"), "b", new AttributeValue.S("?")));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "malformed.csv", delimiter = '~', quoteCharacter = '`')
    void refusesMalformedStatements(String text, String detail) {
        assertThat(refusal(text == null ? "" : text)).isEqualTo(MALFORMED + detail);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM tab WHERE a = 'open",
                "SELECT * FROM \"tab",
                "SELECT * FROM tab /* open",
                "SELECT * FROM tab WHERE a ! b",
                "SELECT * FROM tab WHERE a | b",
                "SELECT * FROM tab WHERE a ~ b",
                "SELECT * FROM tab WHERE a = 1e",
                "SELECT * FROM tab WHERE a = 1x",
                "SELECT * FROM tab WHERE a = \u00e9",
                "SELECT * FROM tab WHERE a = `open"
            })
    void refusesTextThatIsNoTokens(String text) {
        assertThat(refusal(text)).isEqualTo(MALFORMED);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "refused.csv", delimiter = '~', quoteCharacter = '`')
    void refusesWhatDynamoDbHasNot(String text, String message) {
        assertThat(refusalWith(text)).isEqualTo(message);
    }

    private static String refusalWith(String text) {
        if (!text.startsWith("SELECT ?")) {
            return refusal(text);
        }
        try {
            Statement.of(text, List.of(new AttributeValue.S("a")));
        } catch (ServiceException e) {
            return e.message();
        }
        return "no refusal";
    }

    @Test
    void tellsTheLineOfAToken() {
        assertThat(refusal("UPDATE tab\nSET Band = set_add(Band, 'x')\nWHERE a = 1"))
                .isEqualTo(
                        "The second argument to SET_ADD must be a value with type SET at 2:20:4");
        assertThat(refusal("/* one\n two */ SELECT \"a b\"(1) FROM tab"))
                .isEqualTo("Unexpected path component at 2:16:5");
    }

    @Test
    void refusesParametersInsideCollections() {
        assertThatThrownBy(() -> read("UPDATE tab SET x = [?]", new AttributeValue.S("v")))
                .hasMessage("Unsupported data type: Parameter under key root[0] at 1:21:1");
        assertThatThrownBy(() ->
                        read("INSERT INTO tab VALUE {'m': {'k': ?}}", new AttributeValue.S("v")))
                .hasMessage("Unsupported data type: Parameter under key root.k at 1:35:1");
    }

    @Test
    void refusesLiteralsThatAreTooDeep() {
        assertThat(refusal("UPDATE tab SET d = " + "{'a':".repeat(32) + "1" + "}".repeat(32)))
                .isEqualTo(
                        "Nesting Levels have exceeded supported limits under root"
                                + ".a".repeat(32));
        assertThat(refusal("UPDATE tab SET d = " + "[".repeat(32) + "1" + "]".repeat(32)))
                .isEqualTo(
                        "Nesting Levels have exceeded supported limits under root"
                                + "[0]".repeat(32));
        assertThat(inserted("{'a':".repeat(31) + "1" + "}".repeat(31))).isNotNull();
    }

    @Test
    void isNotExhaustedByDepth() throws InterruptedException {
        onSmallStack(() -> {
            for (String deep :
                    List.of(
                            "(",
                            "[",
                            "{'a':",
                            "<<",
                            "not ",
                            "- ",
                            "a[",
                            "f(",
                            "a = (select * from ")) {
                assertThat(refusal("SELECT * FROM tab WHERE " + deep.repeat(8100 / deep.length())))
                        .isNotEqualTo("no refusal");
            }
        });
    }

    @Test
    void isNotExhaustedByLength() throws InterruptedException {
        String many = String.join(" OR ", Collections.nCopies(1_150, "a=1"));
        onSmallStack(() -> {
            Condition where = ((Statement.Select) read("SELECT * FROM tab WHERE " + many)).where();

            assertThat(where != null && where.holds(Map.of("a", new AttributeValue.N("1"))))
                    .isTrue();
            assertThat(where != null && ConditionExpression.of(where).paths().size() == 1_150)
                    .isTrue();
        });
        onSmallStack(() -> {
            for (String chain : List.of(" = 1", " IN [1]", " < 1", " BETWEEN 1 AND 2", " + 1")) {
                assertThat(
                                refusal(
                                        "SELECT * FROM tab WHERE a"
                                                + chain.repeat(8100 / chain.length())))
                        .isNotEqualTo("no refusal");
            }
            assertThat(refusal("UPDATE tab SET a = a" + "+1".repeat(4_000)))
                    .isEqualTo("The expression contains too many operators; operator count: 301");
            assertThat(read("UPDATE tab SET a = a" + "+1".repeat(300))).isNotNull();
        });
    }

    /// A request's thread has 1 MB.
    private static void onSmallStack(Runnable test) throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        Thread thread = new Thread(null, test, "small stack", 512 * 1024);
        thread.setUncaughtExceptionHandler((_, failure) -> failures.add(failure));
        thread.start();
        thread.join();
        assertThat(failures).isEmpty();
    }

    @Test
    void bindsTighterWhatBindsTighter() {
        Map<String, AttributeValue> item =
                Map.of("a", new AttributeValue.N("1"), "b", new AttributeValue.N("2"));

        assertThat(holds("a = 1 OR a = 2 AND b = 3", item)).isTrue();
        assertThat(holds("(a = 1 OR a = 2) AND b = 3", item)).isFalse();
        assertThat(holds("NOT a = 2 AND b = 2", item)).isTrue();
        assertThat(holds("NOT (a = 1 AND b = 2)", item)).isFalse();
        assertThat(holds("a BETWEEN 0 AND 1 AND b = 2", item)).isTrue();
        assertThat(holds("a NOT BETWEEN 0 AND 1 OR b NOT IN (1, 3)", item)).isTrue();
        assertThat(holds("a < 2 = true", item)).isTrue();
    }

    private static boolean holds(String where, Map<String, AttributeValue> item) {
        Statement.Select select = (Statement.Select) read("SELECT * FROM tab WHERE " + where);
        return select.where() != null && select.where().holds(item);
    }
}
