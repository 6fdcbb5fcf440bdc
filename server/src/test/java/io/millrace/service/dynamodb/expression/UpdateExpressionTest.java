package io.millrace.service.dynamodb.expression;

import static io.millrace.service.dynamodb.expression.Requests.b;
import static io.millrace.service.dynamodb.expression.Requests.given;
import static io.millrace.service.dynamodb.expression.Requests.item;
import static io.millrace.service.dynamodb.expression.Requests.l;
import static io.millrace.service.dynamodb.expression.Requests.m;
import static io.millrace.service.dynamodb.expression.Requests.n;
import static io.millrace.service.dynamodb.expression.Requests.ns;
import static io.millrace.service.dynamodb.expression.Requests.s;
import static io.millrace.service.dynamodb.expression.Requests.ss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

final class UpdateExpressionTest {

    private static final String TYPE =
            "An operand in the update expression has an incorrect data type";
    private static final String PATH =
            "The document path provided in the update expression is invalid for update";
    private static final String ABSENT =
            "The provided expression refers to an attribute that does not exist in the item";

    @Test
    void setsAttributesAndLeavesTheRestAndTheOldItem() {
        Map<String, AttributeValue> old = item("pk", s("k"), "a", s("old"));

        ItemUpdate update = update("SET a = :a, b = :b", given(":a", s("x"), ":b", n(2)), old);

        assertThat(update.newItem()).isEqualTo(item("pk", s("k"), "a", s("x"), "b", n(2)));
        assertThat(old).isEqualTo(item("pk", s("k"), "a", s("old")));
        assertThat(update.oldItem()).isSameAs(old);
    }

    @Test
    void readsEveryValueFromTheItemAsItWas() {
        Map<String, AttributeValue> old = item("a", n(1), "b", n(2));

        assertThat(updated("SET a = b, b = a", given(), old)).isEqualTo(item("a", n(2), "b", n(1)));
        assertThat(updated("SET c = a + b REMOVE a ADD b :n", given(":n", n(5)), old))
                .isEqualTo(item("b", n(7), "c", n(3)));
        assertThatThrownBy(() -> updated("SET x = :n, y = x", given(":n", n(1)), old))
                .hasMessage(ABSENT);
    }

    @Test
    void calculates() {
        Map<String, AttributeValue> old = item("n", n(5), "m", m("x", n(1)), "l", l(n(3)));

        assertThat(updated("SET r = n + :two", given(":two", n(2)), old)).containsEntry("r", n(7));
        assertThat(updated("SET r = :two - n", given(":two", n(2)), old)).containsEntry("r", n(-3));
        assertThat(updated("SET r = (m.x + l[0])", given(), old)).containsEntry("r", n(4));
        assertThat(updated("SET r = ((m.x)+(l[0]))", given(), old)).containsEntry("r", n(4));
        assertThat(updated("SET r = (n) - m.x", given(), old)).containsEntry("r", n(4));
        assertThat(updated("SET n = if_not_exists(n, :two) + :two", given(":two", n(2)), old))
                .containsEntry("n", n(7));
        assertThat(updated("SET k = if_not_exists(k, :two) + :two", given(":two", n(2)), old))
                .containsEntry("k", n(4));
        assertThat(updated("SET r = :a + :b", given(":a", number("0.1"), ":b", number("0.2")), old))
                .containsEntry("r", number("0.3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SET n = n + :v", "SET n = :v + n", "ADD n :v"})
    void refusesResultsThatDoNotFit(String text) {
        assertThatThrownBy(() ->
                        updated(
                                text,
                                given(":v", number("9e125")),
                                item("n", number("9" + "0".repeat(125)))))
                .hasMessageStartingWith("Number overflow.");
        assertThatThrownBy(() -> updated(text, given(":v", number("1e50")), item("n", n(1))))
                .hasMessageStartingWith("Number overflow.");
    }

    @Test
    void appendsLists() {
        Map<String, AttributeValue> old = item("l", l(n(1)), "k", l(n(2)));

        assertThat(updated("SET l = list_append(l, :l)", given(":l", l(n(9))), old))
                .containsEntry("l", l(n(1), n(9)));
        assertThat(updated("SET l = list_append(:l, l)", given(":l", l(n(9))), old))
                .containsEntry("l", l(n(9), n(1)));
        assertThat(updated("SET l = list_append(k, l)", given(), old))
                .containsEntry("l", l(n(2), n(1)));
        assertThat(
                        updated(
                                "SET x = list_append(if_not_exists(x, :e), :l)",
                                given(":e", l(), ":l", l(n(9))),
                                old))
                .containsEntry("x", l(n(9)));
    }

    @Test
    void setsInsideDocuments() {
        Map<String, AttributeValue> old = item("m", m("a", l(n(1), m("b", n(2))), "z", n(0)));

        assertThat(updated("SET m.a[1].b = :v", given(":v", s("x")), old))
                .isEqualTo(item("m", m("a", l(n(1), m("b", s("x"))), "z", n(0))));
        assertThat(updated("SET m.c = :v", given(":v", s("x")), old))
                .isEqualTo(item("m", m("a", l(n(1), m("b", n(2))), "z", n(0), "c", s("x"))));
        assertThat(updated("SET m.a[0] = m.a[1].b, m.a[1].b = m.a[0]", given(), old))
                .isEqualTo(item("m", m("a", l(n(2), m("b", n(1))), "z", n(0))));
        assertThat(updated("REMOVE m.a[1].b, m.z", given(), old))
                .isEqualTo(item("m", m("a", l(n(1), m()))));
    }

    @Test
    void appendsElementsSetBeyondTheEndInTheOrderOfTheirIndexes() {
        Map<String, AttributeValue> old = item("l", l(n(0), n(1)));

        assertThat(
                        updated(
                                "SET l[100] = :a, l[7] = :b, l[0] = :c",
                                given(":a", s("a"), ":b", s("b"), ":c", s("c")),
                                old))
                .isEqualTo(item("l", l(s("c"), n(1), s("b"), s("a"))));
    }

    @Test
    void removesElementsByTheirOldIndexes() {
        Map<String, AttributeValue> old = item("l", l(n(0), n(1), n(2), n(3)));

        assertThat(updated("REMOVE l[0], l[2], l[9]", given(), old))
                .isEqualTo(item("l", l(n(1), n(3))));
        assertThat(
                        updated(
                                "REMOVE l[1] SET l[2] = :v, l[8] = :w",
                                given(":v", s("v"), ":w", s("w")),
                                old))
                .isEqualTo(item("l", l(n(0), s("v"), n(3), s("w"))));
        assertThat(updated("REMOVE l[0], l[1], l[2], l[3]", given(), old))
                .isEqualTo(item("l", l()));
    }

    @Test
    void removesWhatIsNotThereWithoutAWord() {
        Map<String, AttributeValue> old = item("a", n(1), "m", m());

        assertThat(updated("REMOVE b, m.x", given(), old)).isEqualTo(old);
    }

    @Test
    void addsNumbersAndElements() {
        Map<String, AttributeValue> old =
                item("n", n(5), "ss", ss("a"), "ns", ns("1"), "m", m("s", ss("x")));

        assertThat(updated("ADD n :v", given(":v", n(-7)), old)).containsEntry("n", n(-2));
        assertThat(updated("ADD x :v", given(":v", n(3)), old)).containsEntry("x", n(3));
        assertThat(updated("ADD ss :v", given(":v", ss("b", "a")), old))
                .containsEntry("ss", ss("a", "b"));
        assertThat(updated("ADD ns :v", given(":v", ns("1.0", "2")), old))
                .containsEntry("ns", ns("1", "2"));
        assertThat(updated("ADD y :v", given(":v", ss("b")), old)).containsEntry("y", ss("b"));
        assertThat(updated("ADD m.s :v, m.t :v", given(":v", ss("y")), old))
                .containsEntry("m", m("s", ss("x", "y"), "t", ss("y")));
        assertThat(updated("ADD bs :v", given(":v", bs("a")), item("bs", bs("b", "a"))))
                .containsEntry("bs", bs("b", "a"));
    }

    @Test
    void deletesElementsAndWhatIsEmptyThen() {
        Map<String, AttributeValue> old =
                item("ss", ss("a", "b"), "ns", ns("1", "2"), "m", m("s", ss("x")));

        assertThat(updated("DELETE ss :v", given(":v", ss("b", "c")), old))
                .containsEntry("ss", ss("a"));
        assertThat(updated("DELETE ss :v", given(":v", ss("b", "a")), old)).doesNotContainKey("ss");
        assertThat(updated("DELETE ns :v", given(":v", ns("1.0")), old))
                .containsEntry("ns", ns("2"));
        assertThat(updated("DELETE m.s :v", given(":v", ss("x")), old)).containsEntry("m", m());
        assertThat(updated("DELETE x :v", given(":v", ss("x")), old)).isEqualTo(old);
        assertThat(updated("DELETE bs :v", given(":v", bs("a")), item("bs", bs("b", "a"))))
                .containsEntry("bs", bs("b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete d :ss", "delete b :ns", "delete b.a :ns", "delete c :ns", "add b :ns",
                "add d :n", "set e = a + :n", "set e = b - :n", "set e = :n + d", "add c :ss",
                "set e = list_append(d, if_not_exists(f, :l))", "set e = list_append(:l, a)"
            })
    void refusesOperandsOfTheWrongType(String text) {
        Map<String, AttributeValue> old =
                item("a", s("x"), "b", m("a", ss("1")), "c", n(1), "d", ns("1"));

        assertThatThrownBy(() -> updated(text, all(), old)).hasMessage(TYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set b.a = :ss, k = :ss",
                "set b[1] = :ss",
                "set y.a = :ss",
                "set y[1] = :ss",
                "set c[1] = :ss",
                "set d.k = :ss",
                "remove b.a set k = :ss",
                "remove b[1]",
                "remove y.a set k = :ss",
                "remove y[1]",
                "remove c[1]",
                "remove d.k",
                "delete b.a :ss",
                "delete b[1] :ss",
                "delete y.a :ss",
                "delete c[1] :ss",
                "delete d.k :ss",
                "add b.a :ss",
                "add b[1] :ss",
                "add y.a :ss",
                "add c[1] :ss",
                "add d.k :ss",
                "set y.a = absnt",
                "set d[9].x = :ss",
                "set c.x.y = :ss"
            })
    void refusesPathsWhoseParentIsNotThereOrNoDocument(String text) {
        Map<String, AttributeValue> old =
                item("b", s("x"), "c", m("k", s("a")), "d", l(s("a"), s("b")));

        assertThatThrownBy(() -> updated(text, all(), old)).hasMessage(PATH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set c = b",
                "set c = a.b",
                "set c = b + :n",
                "set c = list_append(b, :l)",
                "set c = if_not_exists(b, d)",
                "set c = list_append(b, c)"
            })
    void refusesToReadWhatIsNotThere(String text) {
        assertThatThrownBy(() -> updated(text, all(), item("a", s("x")))).hasMessage(ABSENT);
    }

    @Test
    void refusesAnItemThatGetsTooDeep() {
        AttributeValue deep = s("leaf");
        for (int i = 0; i < 31; i++) {
            deep = m("n", deep);
        }
        ExpressionContext context = given(":deep", deep);

        assertThat(updated("SET a = :deep", context, item())).containsKey("a");
        assertThatThrownBy(() -> updated("SET m.a = :deep", context, item("m", m())))
                .hasMessageStartingWith("Nesting Levels have exceeded supported limits");
    }

    @Test
    void answersWhatWasAtThePathsAndWhatIsThereNow() {
        Map<String, AttributeValue> old =
                item("a", m("b", s("hi"), "c", l(n(1), n(2), n(3))), "d", s("cat"));
        ExpressionContext context = given(":v", n(7), ":w", s("yo"));

        ItemUpdate update = update("SET a.c[1] = :v, a.b = :w, x = :v REMOVE d", context, old);

        assertThat(update.updatedOld())
                .isEqualTo(item("a", m("b", s("hi"), "c", l(n(2))), "d", s("cat")));
        assertThat(update.updatedNew())
                .isEqualTo(item("a", m("b", s("yo"), "c", l(n(7))), "x", n(7)));
    }

    @Test
    void answersNothingForAnElementSetBeyondTheEndAndTheNextForARemovedOne() {
        Map<String, AttributeValue> old = item("c", l(n(1), n(2), n(3)));

        ItemUpdate beyond = update("SET c[100] = :v", given(":v", n(7)), old);
        ItemUpdate removed = update("REMOVE c[1], c[9]", given(), old);

        assertThat(beyond.updatedNew()).isEmpty();
        assertThat(beyond.updatedOld()).isEmpty();
        assertThat(removed.updatedOld()).isEqualTo(item("c", l(n(2))));
        assertThat(removed.updatedNew()).isEqualTo(item("c", l(n(3))));
    }

    @Test
    void tellsItsPathsAndTheTypesThatItPuts() {
        UpdateExpression update =
                UpdateExpression.parse(
                        "SET a = :s, b = c + :n, d = if_not_exists(e, :n), f = g, h.i = :s,"
                                + " j = list_append(k, :l) ADD o :ss REMOVE p",
                        all());

        assertThat(update.paths())
                .extracting(DocumentPath::toString)
                .containsExactly("[a]", "[b]", "[d]", "[f]", "[h, i]", "[j]", "[o]", "[p]");
        assertThat(update.readPaths())
                .extracting(DocumentPath::attribute)
                .containsExactly("c", "e", "g", "k");
        assertThat(update.knownTypes())
                .isEqualTo(
                        Map.of(
                                "a", AttributeType.S,
                                "b", AttributeType.N,
                                "d", AttributeType.N,
                                "j", AttributeType.L,
                                "o", AttributeType.SS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set a = :s",
                "sEt a = :s",
                "  set   a=:s  ",
                "SET\na\t=\r:s",
                "SET a = (:s)"
            })
    void doesNotMindCaseAndSpace(String text) {
        assertThat(updated(text, given(":s", s("x")), item())).isEqualTo(item("a", s("x")));
    }

    private static ExpressionContext all() {
        return given(
                ":s", s("x"), ":n", n(1), ":ss", ss("a"), ":ns", ns("1"), ":l", l(), ":b", b("x"));
    }

    private static AttributeValue number(String text) {
        return new AttributeValue.N(text);
    }

    private static AttributeValue bs(String... texts) {
        return new AttributeValue.BS(
                List.of(texts).stream().map(text -> ((AttributeValue.B) b(text)).value()).toList());
    }

    private static Map<String, AttributeValue> updated(
            String text, ExpressionContext context, Map<String, AttributeValue> item) {
        return update(text, context, item).newItem();
    }

    private static ItemUpdate update(
            String text, ExpressionContext context, Map<String, AttributeValue> item) {
        return UpdateExpression.parse(text, context).apply(item);
    }
}
