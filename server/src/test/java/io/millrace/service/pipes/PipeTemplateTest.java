package io.millrace.service.pipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.pipes.PipeSourceParameters;
import io.millrace.delivery.QueueSource.Received;
import io.millrace.pattern.Arn;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.Map;
import java.util.Random;

final class PipeTemplateTest {
    private static final String SOURCE = "arn:aws:sqs:us-east-1:000000000000:in";
    private static final StoredPipe PIPE =
            new StoredPipe(
                    1,
                    1,
                    "000000000000",
                    "us-east-1",
                    "my-pipe",
                    new PipeSettings(
                            null,
                            SOURCE,
                            PipeSourceParameters.builder().build(),
                            null,
                            null,
                            "arn:aws:sqs:us-east-1:000000000000:out",
                            null,
                            PipesFixture.ROLE,
                            null,
                            null),
                    StoredPipe.RUNNING,
                    PipeState.RUNNING,
                    null,
                    Map.of(),
                    0,
                    0);

    private static PipeEvent event(String body) {
        return SourceEvents.of(
                0,
                Arn.parse(SOURCE).orElseThrow(),
                new Received(
                        "id", "handle", body, "md5", Map.of("SenderId", "me"), Map.of(), null));
    }

    private static String fill(String template, String body) {
        PipeTemplate parsed = PipeTemplate.of(template);
        assertThat(parsed).isNotNull();
        Instant received = Instant.parse("2026-03-04T05:06:07.890123456Z");
        return String.valueOf(parsed.fill(event(body), new PipeTemplate.Context(PIPE, received)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "Hello, sender"                        | x              | "Hello, sender"
                    <$.attributes.SenderId>                | x              | me
                    "Hello, <$.attributes.SenderId>"       | x              | "Hello, me"
                    {"k": <$.body.key>}                    | {"key": 7}     | {"k": 7}
                    {"k": <$.body.key>}                    | {"key": "v"}   | {"k": "v"}
                    {"k": "<$.body.key>!"}                 | {"key": "v"}   | {"k": "v!"}
                    {"k": "<$.body.key>"}                  | {"key": 7.50}  | {"k": "7.50"}
                    {"k": <$.body>}                        | {"a": [1, 2]}  | {"k": {"a": [1, 2]}}
                    {"k": <$.body>}                        | say "hi"       | {"k": "say \\"hi\\""}
                    {"k": "<$.body>"}                      | say "hi"       | {"k": "say \\"hi\\""}
                    {"k": <$.body.no>, "l": "<$.body.no>"} | {}             | {"k": "", "l": ""}
                    {"k": <$.body.Records[1]>}             | {"Records": [1, 2]} | {"k": 2}
                    {"k": <$.body.r[*].n>}                 | {"r": [{"n": 1}, {"n": 2}]} | {"k": [1,2]}
                    <$.body>                               | {"key": "value"} | {"key": "value"}
                    <$.body.list>                          | {"list": ["a", 1]} | ["a", 1]
                    the <$.body>                           | {"key": "value"} | the {key: value}
                    <$.body>                               | plain "text"   | plain "text"
                    {"p": <aws.pipes.pipe-name>}           | x              | {"p": "my-pipe"}
                    {"p": "of <aws.pipes.pipe-name>"}      | x              | {"p": "of my-pipe"}
                    {"t": <aws.pipes.event.ingestion-time>} | x | {"t": "2026-03-04T05:06:07.890Z"}
                    {"e": <aws.pipes.event.json>}          | x              | {"e": ""}
                    a < b <no> <aws.pipes.x> | x | a < b <no> <aws.pipes.x>
                    """)
    void fills(String template, String body, String filled) {
        assertThat(fill(template, body)).isEqualTo(filled);
    }

    @Test
    void placesTheWholeEventAsJsonOrAsText() {
        String json = fill("{\"e\": <aws.pipes.event.json>}", "{\"a\": \"b\"}");
        String text = fill("{\"e\": <aws.pipes.event>}", "{\"a\": \"b\"}");

        assertThat(PipeJson.isJson(json)).isTrue();
        assertThat(json).contains("\"body\":{\"a\": \"b\"}");
        assertThat(PipeJson.isJson(text)).isTrue();
        assertThat(text).contains("\\\"body\\\":\\\"{\\\\\\\"a\\\\\\\": \\\\\\\"b\\\\\\\"}\\\"");
    }

    /// A template that is JSON with something in each place stays JSON, whatever comes there, and
    /// no template and no body makes anything fail.
    @Test
    void makesJsonOfJsonWhateverTheBodyIs() {
        Random random = new Random(20260105);
        String[] pieces = {
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            ",",
            ":",
            "a",
            "1",
            "<",
            ">",
            "<$.body>",
            "<$.body.a>",
            "<$.body[0]>",
            "<aws.pipes.event>",
            "<$.",
            "<$.body.a.b>",
            " ",
            "\n",
            "é",
            "\u0000"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder template = new StringBuilder();
            StringBuilder body = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                template.append(pieces[random.nextInt(pieces.length)]);
                body.append(pieces[random.nextInt(12)]);
            }
            String filled = fill("x" + template, body.toString());
            assertThat(filled).startsWith("x");
            for (String good :
                    new String[] {
                        "{\"k\": <$.body>}",
                        "{\"k\": \"<$.body>\"}",
                        "[<$.body.a>, \"<$.body.a>\"]",
                        "{\"k\": <aws.pipes.event.json>}",
                        "\"<aws.pipes.event>\""
                    }) {
                String json = fill(good, body.toString());
                assertThat(PipeJson.isJson(json)).as("%s of %s: %s", good, body, json).isTrue();
            }
        }
    }
}
