package io.millrace.service.pipes;

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
import java.util.Map;

/// Why a pipe's filters let an event pass, or not.
class ExplainPageTest {
    private final PipesFixture aws = new PipesFixture();

    private JsonNode explain(String question) {
        byte[] bytes = question.getBytes(StandardCharsets.UTF_8);
        Request request =
                new Request(
                        "POST",
                        ExplainPage.PATH,
                        "",
                        Headers.of(Map.of()),
                        "127.0.0.1",
                        InputStream::nullInputStream);
        for (ServicePage page : aws.pipes.service().pages()) {
            if (page.pathPrefix().equals(ExplainPage.PATH)) {
                Body body = new Body(bytes, bytes);
                return JsonMapper.builder()
                        .build()
                        .readTree(page.answer().to(PipesFixture.CALLER, request, body).body());
            }
        }
        throw new AssertionError("no such page");
    }

    @Test
    void looksIntoABodyThatIsJson() {
        String in = aws.queue("in");
        String out = aws.queue("out");
        aws.create(
                PipesFixture.pipe("p", in, out)
                        .sourceParameters(
                                PipesFixture.filtered(
                                        "{\"body\":{\"total\":[{\"numeric\":[\">\",100]}]}}")));

        JsonNode missed = explain("{\"Name\":\"p\",\"Event\":{\"body\":\"{\\\"total\\\":40}\"}}");
        JsonNode passed = explain("{\"Name\":\"p\",\"Event\":{\"body\":\"{\\\"total\\\":400}\"}}");

        assertThat(missed.path("Passes").asBoolean()).isFalse();
        assertThat(missed.path("Filters").path(0).path("Text").asString())
                .isEqualTo("body.total is 40; the filter wants numeric > 100");
        assertThat(passed.path("Passes").asBoolean()).isTrue();
    }
}
