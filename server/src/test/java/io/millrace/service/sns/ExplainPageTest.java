package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.http.Body;
import io.millrace.http.Headers;
import io.millrace.http.Request;
import io.millrace.wire.ServicePage;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Why subscriptions get a message, and do not, as `POST /_millrace/sns/explain` tells it.
class ExplainPageTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final SnsFixture sns = new SnsFixture();
    private final String topic = sns.topic("orders");

    private JsonNode explain(String question) {
        byte[] bytes = question.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Request request =
                new Request(
                        "POST",
                        ExplainPage.PATH,
                        "",
                        Headers.of(Map.of()),
                        "127.0.0.1",
                        InputStream::nullInputStream);
        for (ServicePage page : sns.sns.service().pages()) {
            if (page.pathPrefix().equals(ExplainPage.PATH)) {
                return MAPPER.readTree(
                        page.answer()
                                .to(SnsFixture.CALLER, request, new Body(bytes, bytes))
                                .body());
            }
        }
        throw new AssertionError("no such page");
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.path("Text").asString()));
        return texts;
    }

    @Test
    void tellsOfAttributesTheNearestMissFirst() {
        sns.subscribeQueue(topic, "all", Map.of());
        sns.subscribeQueue(
                topic,
                "far",
                Map.of("FilterPolicy", "{\"a\":[\"x\"],\"b\":[\"y\"],\"state\":[\"z\"]}"));
        sns.subscribeQueue(topic, "near", Map.of("FilterPolicy", "{\"state\":[\"Paid\"]}"));
        sns.subscribeQueue(
                topic, "number", Map.of("FilterPolicy", "{\"total\":[{\"numeric\":[\">\",100]}]}"));

        JsonNode answer =
                explain(
                        """
                        {'TopicArn':'%s','Message':'m','MessageAttributes':{
                        'state':{'DataType':'String','StringValue':'paid'},
                        'total':{'DataType':'Number','StringValue':'40'}}}
                        """
                                .formatted(topic));

        assertThat(texts(answer.path("Matched"))).containsExactly("there is no filter policy");
        assertThat(texts(answer.path("NotMatched")))
                .containsExactlyInAnyOrder(
                        "state is \"paid\"; the filter policy wants \"Paid\" (only the case"
                                + " differs)",
                        "total is 40; the filter policy wants numeric > 100",
                        "a is missing; the filter policy wants \"x\"");
        assertThat(texts(answer.path("NotMatched")).getLast()).startsWith("a is missing");
    }

    @Test
    void tellsOfBodies() {
        sns.subscribeQueue(
                topic,
                "body",
                Map.of(
                        "FilterPolicyScope", "MessageBody",
                        "FilterPolicy", "{\"ip\":[{\"cidr\":\"10.0.0.0/8\"}]}"));

        JsonNode other = explain("{'TopicArn':'%s','Message':{'ip':'11.0.0.1'}}".formatted(topic));
        JsonNode text = explain("{'TopicArn':'%s','Message':'text'}".formatted(topic));

        assertThat(texts(other.path("NotMatched")))
                .containsExactly(
                        "ip is \"11.0.0.1\"; the filter policy wants an IP address in 10.0.0.0/8");
        assertThat(texts(text.path("NotMatched")))
                .containsExactly("the message has no form to filter: wanted is a JSON object");
    }
}
