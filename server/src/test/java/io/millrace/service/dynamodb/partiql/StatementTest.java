package io.millrace.service.dynamodb.partiql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.partiql.Statement.Order;
import io.millrace.service.dynamodb.partiql.Statement.Returning;
import io.millrace.service.dynamodb.partiql.Statement.Source;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    'it''s'             ~ S[value=it's]
                    ''                  ~ S[value=]
                    'a -- b /* c */ ?'  ~ S[value=a -- b /* c */ ?]
                    1                   ~ N[value=1]
                    -1.50               ~ N[value=-1.5]
                    - - 7               ~ N[value=7]
                    +5                  ~ N[value=5]
                    -0                  ~ N[value=0]
                    1e3                 ~ N[value=1000]
                    2.5E-2              ~ N[value=0.025]
                    3.                  ~ N[value=3]
                    TRUE                ~ Bool[value=true]
                    null                ~ Null[value=true]
                    []                  ~ L[values=[]]
                    {}                  ~ M[values={}]
                    (1, 'a')            ~ L[values=[N[value=1], S[value=a]]]
                    [[1], {'k': null}]  ~ L[values=[L[values=[N[value=1]]], M[values={k=Null[value=true]}]]]
                    <<'b', 'a'>>        ~ SS[values=[b, a]]
                    <<1, 2.0>>          ~ NS[values=[1, 2]]
                    """)
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
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    ``                                       ~ Expected data manipulation
                    NOT A STATEMENT                          ~ Expected data manipulation
                    SLECT * FROM tab                         ~ Expected data manipulation
                    CREATE TABLE tab                         ~ Expected data manipulation
                    EXISTS                                   ~ Expected data manipulation
                    UPDATE tab                               ~ Expected data manipulation
                    UPDATE my-tab SET a = 1                  ~ Expected data manipulation
                    UPDATE tab WHERE a = 1                   ~ Expected data manipulation
                    SELECT FROM tab                          ~ Expected data manipulation
                    SELECT *                                 ~ Expected FROM after SELECT list
                    SELECT a b c FROM tab                    ~ Expected FROM after SELECT list
                    SELECT a AS b, c[*] FROM                 ~ Unexpected term
                    UPDATE ab SET a = 1 +                    ~ Missing right-hand side expression of infix operator
                    SELECT * FROM                            ~ Unexpected term
                    SELECT * FROM tab WHERE                  ~ Unexpected term
                    SELECT * FROM tab WHERE a = )            ~ Unexpected term
                    SELECT * FROM tab WHERE a =              ~ Missing right-hand side expression of infix operator
                    SELECT * FROM tab WHERE a BETWEEN 1      ~ Expected AND
                    SELECT * FROM tab WHERE a BETWEEN 1 AND  ~ Expected expression after AND
                    SELECT * FROM tab WHERE a = = 1          ~ Unexpected operator
                    SELECT * FROM tab WHERE value = 1        ~ Unexpected keyword
                    SELECT * FROM tab WHERE a.value = 1      ~ Invalid path dot component
                    SELECT * FROM tab WHERE (a = 1           ~ Expected RIGHT_PAREN
                    SELECT * FROM tab WHERE a IN [1          ~ Expected RIGHT_BRACKET
                    SELECT * FROM tab WHERE a IN (1          ~ Expected RIGHT_PAREN
                    SELECT * FROM tab WHERE ()               ~ Expression group cannot be empty
                    SELECT * FROM tab WHERE a IS 1           ~ Expected type name
                    SELECT * FROM tab WHERE a = 1 garbage    ~ Unexpected token after expression
                    SELECT * FROM tab UNION SELECT * FROM b  ~ Unexpected token after expression
                    SELECT * FROM tab; SELECT * FROM tab     ~ Unexpected token after semicolon. (Only one query is allowed.)
                    SELECT *, a FROM tab                     ~ Other expressions may not be present in the select list when '*' is used without dot notation.
                    SELECT * FROM tab ORDER a                ~ Expected BY
                    INSERT tab                               ~ Unexpected keyword
                    INSERT INTO                              ~ Expected identifier for simple path
                    INSERT INTO tab                          ~ Unexpected term
                    INSERT INTO tab (key) VALUES (1)         ~ Unexpected keyword
                    INSERT INTO tab (a) VALUES (1)           ~ Unexpected token after expression
                    INSERT INTO tab VALUES {'a': 1}          ~ Expected LEFT_PAREN for row value constructor
                    INSERT INTO tab VALUE {'a' 1}            ~ Expected COLON
                    INSERT INTO tab VALUE {'a': 1            ~ Expected RIGHT_CURLY
                    INSERT INTO tab VALUE {'a': <<1, 2}      ~ Expected RIGHT_DOUBLE_ANGLE_BRACKET
                    UPDATE                                   ~ Expected identifier for simple path
                    UPDATE tab SET                           ~ Expected identifier for simple path
                    UPDATE tab SET WHERE                     ~ Expected identifier for simple path
                    UPDATE tab SET a                         ~ Expected '='
                    UPDATE tab SET a = 1 WHERE b = 1 RETURNING b ~ Expected ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause
                    UPDATE tab REMOVE a, b                   ~ Unexpected token after expression
                    UPDATE tab SET a.* = 1                   ~ Invalid path dot component for simple path
                    UPDATE tab SET a[?] = 1                  ~ Invalid path component for simple path
                    DELETE tab                               ~ Expected FROM after DELETE
                    DELETE FROM 'tab'                        ~ Expected identifier for simple path
                    """)
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
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    SELECT COUNT(*) FROM tab                  ~ Unexpected path component at 1:8:5
                    SELECT a, size(b) FROM tab                ~ Unexpected path component at 1:11:4
                    SELECT 'a' FROM tab                       ~ Unexpected path component at 1:8:3
                    SELECT ? FROM tab                         ~ Unexpected path component at 1:8:1
                    SELECT l[-1] FROM tab                     ~ List index is not within the allowable range; index: [-1] at 1:11:1
                    SELECT l[1.5] FROM tab                    ~ List index is not within the allowable range; index: [1.5] at 1:10:3
                    SELECT l[99999999999] FROM tab            ~ List index is not within the allowable range; index: [99999999999] at 1:10:11
                    SELECT a[*].b FROM tab                    ~ Wildcard path component like a[*].b are not supported
                    SELECT a.*.b FROM tab                     ~ Unpivot path component like a.*.b are not supported
                    SELECT a, b.a FROM tab                    ~ Duplicate identifiers in select clause: a
                    SELECT a AS b FROM tab                    ~ Aliasing is not supported
                    SELECT a FROM tab t                       ~ Aliasing is not supported
                    UPDATE tab t SET a = 1                    ~ Aliasing is not supported
                    SELECT VALUE a FROM tab                   ~ Select projection doesn't support value or pivot keywords
                    SELECT DISTINCT a FROM tab                ~ Unsupported clause: DISTINCT
                    SELECT a FROM tab GROUP BY a              ~ Unsupported clause: GROUP BY
                    SELECT id FROM dbimp_page LIMIT 5         ~ Unsupported clause: LIMIT at 1:33:1
                    SELECT a FROM tab, tub                    ~ Only select from a single table or index is supported.
                    SELECT a FROM tab JOIN tub                ~ Only select from a single table or index is supported.
                    SELECT a FROM 'tab'                       ~ Unexpected from source
                    SELECT a FROM (SELECT b FROM tab)         ~ Unexpected from source
                    SELECT a FROM tab[0]                      ~ Invalid list expression in source.
                    SELECT a FROM ""                          ~ Path component cannot be an empty string
                    SELECT a FROM tab.""                      ~ Path component cannot be an empty string
                    SELECT a FROM tab.b.c                     ~ A path may contain at most 2 components in the FROM clause
                    SELECT a FROM ab                          ~ Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'.
                    SELECT a FROM "a b c"                     ~ Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'.
                    SELECT a FROM tab WHERE b = 1 ORDER BY a.b ~ Argument to ORDER BY must be of type VariableReference. Type: Path
                    SELECT a FROM tab WHERE 1                 ~ WHERE clause must contain an expression that resolves to a boolean
                    SELECT a FROM tab WHERE a                 ~ WHERE clause must contain an expression that resolves to a boolean
                    SELECT a FROM tab WHERE size(a)           ~ WHERE clause must contain an expression that resolves to a boolean
                    SELECT a FROM tab WHERE a = 1 AND b       ~ The arguments to AND/OR must be Expressions
                    SELECT a FROM tab WHERE NOT b             ~ The argument to NOT must be a Type or Expression
                    SELECT a FROM tab WHERE a = MISSING       ~ MISSING must be compared using IS operator
                    SELECT a FROM tab WHERE a IS DATE         ~ Unsupported data type for IS operator: DATE. Supported data types are [MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST]
                    SELECT a FROM tab WHERE size(a) IS NULL   ~ The left hand side argument to IS must be a Variable Reference, Literal, or Path
                    SELECT a FROM tab WHERE a IN 1            ~ IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at least one member
                    SELECT a FROM tab WHERE a IN []           ~ IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at least one member
                    SELECT a FROM tab WHERE 1 IN [1]          ~ IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at least one member
                    SELECT a FROM tab WHERE a = b + 1         ~ Unsupported operator in Condition Expression. Operator: +
                    SELECT a FROM tab WHERE a * 2 > 3         ~ Unsupported operator in Condition Expression. Operator: *
                    SELECT a FROM tab WHERE a LIKE 'x%'       ~ Unsupported operator in Condition Expression. Operator: like
                    SELECT a FROM tab WHERE a > -b            ~ Incorrect number of operands for operator or function; operator or function: -, number of operands: 1
                    SELECT a FROM tab WHERE a > true          ~ Incorrect operand type for operator or function; operator or function: >, operand type: BOOL
                    SELECT a FROM tab WHERE a BETWEEN null AND 1 ~ Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: NULL
                    SELECT a FROM tab WHERE begins_with(a, 1) ~ Incorrect operand type for operator or function; operator or function: begins_with, operand type: N
                    SELECT a FROM tab WHERE size(1) > 1       ~ Incorrect operand type for operator or function; operator or function: size, operand type: N
                    SELECT a FROM tab WHERE attribute_type(a, 1) ~ Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N
                    SELECT a FROM tab WHERE attribute_type(a, 'X') ~ Invalid attribute type name found; type: X, valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}
                    SELECT a FROM tab WHERE attribute_exists('a') ~ Operator or function requires a document path; operator or function: attribute_exists
                    SELECT a FROM tab WHERE attribute_exists(a, b) ~ Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2
                    SELECT a FROM tab WHERE contains(a)       ~ Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1
                    SELECT a FROM tab WHERE contains()        ~ Incorrect number of operands for operator or function; operator or function: contains, number of operands: 0
                    SELECT a FROM tab WHERE nonsense(a)       ~ Unrecognized function: nonsense at 1:25:8
                    SELECT a FROM tab WHERE EXISTS(a)         ~ Unrecognized function: exists at 1:25:6
                    SELECT a FROM tab WHERE a = a             ~ The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]
                    INSERT INTO tab VALUES (1)                ~ Unsupported operation: Inserting multiple items in a single statement is not supported, use "INSERT INTO tableName VALUE item" instead
                    INSERT INTO tab <<{'a': 1}>>              ~ Unsupported operation: Inserting multiple items in a single statement is not supported, use "INSERT INTO tableName VALUE item" instead
                    INSERT INTO tab VALUE 1                   ~ Unsupported format in item expression. Please use struct format {...} to express item values for insert statement.
                    INSERT INTO tab VALUE {'a': 1} AT 1       ~ AT is not supported in insert statements.
                    INSERT INTO tab VALUE {'a': 1} RETURNING ALL OLD * ~ RETURNING is not supported in INSERT
                    INSERT INTO tab.idx VALUE {'a': 1}        ~ FROM clause may only contain a single table name
                    UPDATE tab.idx SET a = 1                  ~ This operation is not supported on an index
                    DELETE FROM tab.idx                       ~ This operation is not supported on an index
                    INSERT INTO tab VALUE {1: 1}              ~ Tuple keys must be of type String. Actual type: Literal under root
                    INSERT INTO tab VALUE {'a': 1, 'a': 2}    ~ Duplicate keys in tuple. Key: a under root
                    INSERT INTO tab VALUE {'a': {'b': 1, 'b': 2}} ~ Duplicate keys in tuple. Key: b under root
                    INSERT INTO tab VALUE {'a': b}            ~ Unsupported data type: VariableReference under key root at 1:29:1
                    INSERT INTO tab VALUE {'a': `1`}          ~ Ion Literals are not supported: 1 under key root
                    INSERT INTO tab VALUE {'': 1}             ~ Empty attribute name
                    INSERT INTO tab VALUE {'a': <<>>}         ~ Empty bags are not supported
                    INSERT INTO tab VALUE {'a': <<1, 'a'>>}   ~ Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags
                    INSERT INTO tab VALUE {'a': <<true>>}     ~ Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags
                    INSERT INTO tab VALUE {'a': <<'a', 'a'>>} ~ One or more parameter values were invalid: Input collection [a, a] contains duplicates.
                    INSERT INTO tab VALUE {'a': <<2, 2.0>>}   ~ One or more parameter values were invalid: Input collection [2, 2.0] contains duplicates! under root
                    UPDATE tab SET a = b * 2                  ~ Unsupported operator in Update Expression. Operator: *
                    UPDATE tab SET a = b IS NULL              ~ IS operator is not supported in update expressions
                    UPDATE tab SET a = 'x' + 1                ~ Incorrect operand type for operator or function; operator or function: +, operand type: S
                    UPDATE tab SET a = size(b)                ~ Unrecognized function: size at 1:20:4
                    UPDATE tab SET a = list_append(b, 1)      ~ Incorrect operand type for operator or function; operator or function: list_append, operand type: N
                    UPDATE tab SET b = set_add(a, <<'x'>>)    ~ The first argument to SET_ADD must equal the assignment value at 1:20:7
                    UPDATE tab SET a = set_delete(a, ['x'])   ~ The second argument to SET_DELETE must be a value with type SET at 1:31:1
                    UPDATE tab SET a = set_add(a)             ~ SET_ADD must have exactly two arguments at 1:20:7
                    UPDATE tab SET a = 1 SET a = 2            ~ Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]
                    DELETE FROM tab WHERE a = 1 RETURNING ALL NEW * ~ Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements.
                    UPDATE tab SET a = 1 RETURNING ALL OLD    ~ Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause
                    UPDATE tab SET a = 1 RETURNING ALL OLD *, ALL NEW * ~ Invalid syntax with multiple returning elements in RETURNING clause
                    DELETE FROM tab WHERE a = ?               ~ Number of parameters in request and statement don't match.
                    """)
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
    void isNotExhaustedByDepthAndLength() {
        for (String deep :
                List.of("(", "[", "{'a':", "<<", "not ", "- ", "a[", "f(", "a = (select * from ")) {
            assertThat(refusal("SELECT * FROM tab WHERE " + deep.repeat(8100 / deep.length())))
                    .isNotEqualTo("no refusal");
        }
        String many = String.join(" OR ", Collections.nCopies(1_150, "a=1"));
        Statement.Select select =
                (Statement.Select) read("SELECT * FROM tab WHERE " + many + " AND b = 2");
        assertThat(select.where()).isNotNull();
        assertThat(select.where().holds(Map.of("a", new AttributeValue.N("1")))).isTrue();
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
