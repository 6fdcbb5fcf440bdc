package io.millrace.service.dynamodb.expression;

import static io.millrace.service.dynamodb.expression.Requests.item;
import static io.millrace.service.dynamodb.expression.Requests.l;
import static io.millrace.service.dynamodb.expression.Requests.m;
import static io.millrace.service.dynamodb.expression.Requests.n;
import static io.millrace.service.dynamodb.expression.Requests.s;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.dynamodb.AttributeValue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class ProjectionExpressionTest {

    private static final Map<String, AttributeValue> ITEM =
            item(
                    "pk", s("k"),
                    "a", m("b", l(n(0), n(1), m("c", n(2), "d", n(3))), "e", s("e")),
                    "name", s("n"));

    @Test
    void keepsWhatIsAsked() {
        assertThat(project("pk")).isEqualTo(item("pk", s("k")));
        assertThat(project("pk, a.e")).isEqualTo(item("pk", s("k"), "a", m("e", s("e"))));
        assertThat(project("a.b"))
                .isEqualTo(item("a", m("b", l(n(0), n(1), m("c", n(2), "d", n(3))))));
        assertThat(project("#n")).isEqualTo(item("name", s("n")));
    }

    @Test
    void closesUpListsInTheOrderOfTheirElements() {
        assertThat(project("a.b[1], a.b[0]")).isEqualTo(item("a", m("b", l(n(0), n(1)))));
        assertThat(project("a.b[2].d, a.b[0]")).isEqualTo(item("a", m("b", l(n(0), m("d", n(3))))));
        assertThat(project("a.b[2].d, a.b[2].c"))
                .isEqualTo(item("a", m("b", l(m("d", n(3), "c", n(2))))));
    }

    @Test
    void leavesOutWhatIsNotThere() {
        assertThat(project("x, a.x, a.b[9], a.e.x, pk[0]")).isEmpty();
        assertThat(project("pk, a.b[7]")).isEqualTo(item("pk", s("k")));
        assertThat(project("a.b[0].c")).isEmpty();
        assertThat(project("a[0]")).isEmpty();
    }

    @Test
    void tellsItsPaths() {
        ProjectionExpression projection =
                ProjectionExpression.parse(
                        "a.b[0], #n", Requests.context(Map.of("#n", "x.y"), Map.of()));

        assertThat(projection.paths())
                .containsExactly(
                        new DocumentPath(
                                List.of(
                                        new DocumentPath.Name("a"),
                                        new DocumentPath.Name("b"),
                                        new DocumentPath.Index(0))),
                        DocumentPath.of("x.y"));
    }

    @Test
    void projectsPlainAttributes() {
        assertThat(ProjectionExpression.ofAttributes(List.of("pk", "zz", "name")).project(ITEM))
                .isEqualTo(item("pk", s("k"), "name", s("n")));
    }

    private static Map<String, AttributeValue> project(String text) {
        return ProjectionExpression.parse(text, Requests.context(Map.of("#n", "name"), Map.of()))
                .project(ITEM);
    }
}
