package io.millrace.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Templates and events by chance, each from a seed that the test's name tells: whatever is in the
/// event, a template that was accepted makes valid JSON of it, and what stands outside of quotes is
/// the value itself.
final class InputTransformerFuzzTest {

    private static final int ROUNDS = 3000;
    private static final JsonMapper JSON = new JsonMapper();
    private static final String[] NASTY = {
        "",
        "\"",
        "\\",
        "\\\"",
        "a\nb",
        "\u0001",
        "<v0>",
        "{",
        "}",
        "[\"",
        "é",
        "\ud83d\ude00",
        "</",
        "<aws.events.event>",
        "\\u0041",
        "'",
        "\t",
        "null",
        "1"
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatATemplateMakesIsJson(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            ObjectNode detail = JSON.createObjectNode();
            Map<String, String> paths = new HashMap<>();
            for (int i = 0; i < 4; i++) {
                paths.put("v" + i, "$.detail.f" + i);
                if (random.nextInt(6) > 0) {
                    detail.set("f" + i, value(random, 3));
                }
            }
            List<String> unquoted = new ArrayList<>();
            List<String> quoted = new ArrayList<>();
            String template = template(random, quoted, unquoted);
            String event = "{\"id\":\"e\",\"detail-type\":\"t\",\"detail\":" + detail + "}";

            InputTransformer.check("t", paths, template);
            InputTransformer.Output made =
                    InputTransformer.of(paths, template)
                            .transform(new InputTransformer.Context("arn", "r", "now", event));
            if (!(made instanceof InputTransformer.Output.Json(String text))) {
                assertThat(quoted)
                        .as("%s of %s", template, event)
                        .anyMatch(
                                variable -> detail.path("f" + variable.substring(1)).isContainer());
                continue;
            }

            JsonNode json = JSON.readTree(text);
            for (int i = 0; i < unquoted.size(); i++) {
                JsonNode value = detail.get("f" + unquoted.get(i).substring(1));
                assertThat(json.get("u" + i))
                        .as("%s of %s", template, event)
                        .isEqualTo(value == null ? JSON.readTree("\"\"") : value);
            }
        }
    }

    private static String template(Random random, List<String> quoted, List<String> unquoted) {
        StringBuilder template = new StringBuilder("{");
        int members = 1 + random.nextInt(4);
        for (int i = 0; i < members; i++) {
            String variable = "v" + random.nextInt(4);
            template.append(i == 0 ? "" : random.nextBoolean() ? "," : " ,\n");
            template.append("\"q").append(i).append("\":\"");
            template.append(text(random)).append('<').append(variable).append('>');
            template.append(text(random)).append("\",");
            template.append("\"u").append(i).append("\": <").append(variable).append('>');
            quoted.add(variable);
            unquoted.add(variable);
        }
        if (random.nextBoolean()) {
            template.append(",\"e\":<aws.events.event.json>,\"m\":<aws.events.event>");
            template.append(",\"r\":\"<aws.events.rule-name>\"");
        }
        return template.append('}').toString();
    }

    private static String text(Random random) {
        String[] texts = {"", " ", "a", "\\\"", "\\\\", "\\n", "< ", ">", "<>", "\\u0022"};
        return texts[random.nextInt(texts.length)];
    }

    private static JsonNode value(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 7 : 5);
        return switch (kind) {
            case 0 -> JSON.getNodeFactory().numberNode(random.nextInt());
            case 1 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            case 2 -> JSON.getNodeFactory().nullNode();
            case 3, 4 -> JSON.getNodeFactory().stringNode(nasty(random) + nasty(random));
            case 5 -> {
                ArrayNode list = JSON.createArrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> {
                ObjectNode object = JSON.createObjectNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    object.set(nasty(random), value(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static String nasty(Random random) {
        return NASTY[random.nextInt(NASTY.length)];
    }
}
