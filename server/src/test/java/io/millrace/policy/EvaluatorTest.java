package io.millrace.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.Permissions;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The cases are data: policies, a request, the decision, and which statements made it, or of an
/// implicit denial which kind of policy was missing.
final class EvaluatorTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TestFactory
    Stream<DynamicTest> decidesAsAwsDoes() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(getClass().getResourceAsStream("evaluation-cases.json"))) {
            return JSON.readTree(in).valueStream().toList().stream()
                    .map(each -> DynamicTest.dynamicTest(text(each, "name"), () -> check(each)));
        }
    }

    private static void check(JsonNode data) {
        Permissions permissions =
                new Permissions(
                        data.has("everything"),
                        texts(data.get("identity")),
                        data.has("boundary") ? data.get("boundary").toString() : null,
                        data.has("session") ? texts(data.get("session")) : null);
        Map<String, List<String>> context = new HashMap<>();
        data.path("context")
                .properties()
                .forEach(entry ->
                        context.put(
                                entry.getKey(),
                                entry.getValue().valueStream().map(JsonNode::asString).toList()));
        Access access =
                new Access(
                        text(data, "principal"),
                        text(data, "account"),
                        text(data, "action"),
                        text(data, "resource"),
                        context);

        Verdict verdict =
                Evaluator.decide(
                        PolicySet.of(permissions).withResource(texts(data.get("resourcePolicies"))),
                        access,
                        Ownership.valueOf(text(data, "ownership")));

        assertThat(verdict.decision()).isEqualTo(Decision.valueOf(text(data, "decision")));
        assertThat(
                        verdict.decision() == Decision.IMPLICIT_DENY
                                ? verdict.layer().words()
                                : verdict.decidingWords())
                .isEqualTo(text(data, "by"));
    }

    private static String text(JsonNode data, String name) {
        return data.get(name).asString();
    }

    private static List<String> texts(JsonNode policies) {
        List<String> texts = new ArrayList<>();
        policies.forEach(each -> texts.add(each.toString()));
        return texts;
    }
}
