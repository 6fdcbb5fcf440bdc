package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.DisableRuleRequest;
import io.millrace.api.events.EventsApi;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;

/// Why rules match, and do not, as `POST /_millrace/events/explain` tells it.
class ExplainPageTest {
    private static final String EVENT =
            """
            {"Source": "shop", "DetailType": "Order", "Detail": "{\\"total\\": 40, \\"vip\\": true}"}\
            """;

    private final EventsFixture events = new EventsFixture();

    private JsonNode explain(String body) {
        return JsonMapper.builder().build().readTree(events.explain(body));
    }

    private JsonNode about(String event) {
        return explain("{\"Event\":" + event + "}");
    }

    private static List<String> texts(JsonNode answer, String list) {
        List<String> texts = new ArrayList<>();
        for (JsonNode rule : answer.path(list)) {
            texts.add(rule.path("Rule").asString() + ": " + rule.path("Text").asString());
        }
        return texts;
    }

    @Test
    void tellsWhatMatchesAndWhatMissesTheNearestFirst() {
        events.rule("far", "{\"source\":[\"x\"],\"detail\":{\"total\":[1],\"vip\":[false]}}");
        events.rule("all", "{\"source\":[\"shop\"]}");
        events.rule(
                "big",
                "{\"source\":[\"shop\"],\"detail\":{\"total\":[{\"numeric\":[\">\",100]}]}}");
        events.rule("off", "{\"source\":[\"shop\"]}");
        events.call(EventsApi.DISABLE_RULE, DisableRuleRequest.builder().name("off").build());

        JsonNode answer = about(EVENT);

        assertThat(texts(answer, "Matched")).containsExactly("all: matches");
        assertThat(texts(answer, "NotMatched"))
                .containsExactly(
                        "off: would match, but the rule is disabled",
                        "big: detail.total is 40; the rule wants numeric > 100",
                        "far: detail.total is 40; the rule wants the number 1");
        JsonNode miss = answer.path("NotMatched").path(1).path("Misses").path(0);
        assertThat(miss.path("Field").asString()).isEqualTo("detail.total");
        assertThat(miss.path("Expected").toString()).isEqualTo("[{\"numeric\":[\">\",100]}]");
        assertThat(miss.path("Actual").toString()).isEqualTo("[40]");
        assertThat(miss.path("Reason").asString()).isEqualTo("VALUE");
        assertThat(answer.path("RuleCount").asInt()).isEqualTo(4);
    }

    @Test
    void takesAWholeEventAsWell() {
        events.rule("r", "{\"account\":[\"1\"],\"source\":[\"shop\"]}");

        JsonNode answer = about("{\"source\":\"shop\",\"account\":\"1\",\"detail\":{}}");

        assertThat(texts(answer, "Matched")).containsExactly("r: matches");
        assertThat(answer.path("Assumed").toString())
                .isEqualTo("[\"version\",\"id\",\"region\",\"time\"]");
    }

    @Test
    void showsAPageOfVeryManyRulesTheNearestFirst() {
        for (int i = 0; i < 2500; i++) {
            events.rule("r" + i, "{\"source\":[\"shop\"],\"detail\":{\"total\":[" + i + "]}}");
        }

        JsonNode answer = explain("{\"Limit\":2,\"Offset\":1,\"Event\":" + EVENT + "}");

        assertThat(answer.path("RuleCount").asInt()).isEqualTo(2500);
        assertThat(answer.path("MatchedCount").asInt()).isEqualTo(1);
        assertThat(texts(answer, "NotMatched"))
                .containsExactly(
                        "r1: detail.total is 40; the rule wants the number 1",
                        "r10: detail.total is 40; the rule wants the number 10");
    }

    @Test
    void tellsOfOneRule() {
        events.rule("a\"b".replace("\"", "."), "{\"detail\":{\"t\":[\"q\\\"uote\"]}}");

        JsonNode answer = explain("{\"Rule\":\"a.b\",\"Event\":" + EVENT + "}");

        assertThat(texts(answer, "NotMatched"))
                .containsExactly("a.b: detail.t is missing; the rule wants \"q\"uote\"");
        assertThat(answer.path("NotMatched").path(0).path("Misses").path(0).path("Expected"))
                .hasToString("[\"q\\\"uote\"]");
        assertRefused(
                () -> explain("{\"Rule\":\"none\",\"Event\":" + EVENT + "}"),
                "ResourceNotFoundException",
                "Rule none does not exist on EventBus default.");
    }

    @Test
    void refusesWhatIsNoEvent() {
        assertRefused(
                () -> about("5"),
                "ValidationException",
                "The body is a JSON object with the member Event, which is one as well.");
        assertRefused(
                () -> about("{\"Source\":\"a\",\"Detail\":\"{}\"}"),
                "ValidationException",
                "Parameter DetailType is not valid. Reason: DetailType is a required argument.");
        assertRefused(
                () -> about("{\"Source\":\"a\",\"DetailType\":\"b\",\"Detail\":\"[]\"}"),
                "ValidationException",
                "Detail is malformed.");
        assertRefused(
                () -> explain("{\"Limit\":0,\"Event\":" + EVENT + "}"),
                "ValidationException",
                "Limit is not from 1 to 1000.");
        assertRefused(
                () -> explain("{\"Bus\":\"shop\",\"Event\":" + EVENT + "}"),
                "ValidationException",
                "The body has a member Bus; what there is: [Event, EventBusName, Rule, Limit,"
                        + " Offset]");
        assertRefused(
                () -> explain("{\"EventBusName\":\"no\",\"Event\":" + EVENT + "}"),
                "ResourceNotFoundException",
                "Event bus no does not exist.");
    }
}
