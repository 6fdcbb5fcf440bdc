package io.millrace.service.schemas;

import static io.millrace.service.schemas.SchemasFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

final class ContentCheckTest {

    private static final String VALID =
            """
            {"openapi":"3.0.0","info":{"version":"1.0.0","title":"T"},"paths":{},"components":
            {"schemas":{"T":{"type":"object","required":["a"],"properties":{"a":{"type":"string"},
            "b":{"type":"array","items":{"anyOf":[{"type":"integer","minimum":1},{"$ref":"#/x"}]}}}}}}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | attribute #/openapi is missing",
                "{'openapi':3} | attribute #/openapi is not of type string",
                "{'openapi':'2.0'} | attribute openapi is not of a supported version, 3.0",
                "{'openapi':'3.0.0'} | attribute info is missing",
                "{'openapi':'3.0.0','info':{}} | attribute #/info/title is missing",
                "{'openapi':'3.0.0','info':{'title':'t'}} | attribute #/info/version is missing",
            })
    void refusesWhatIsNoOpenApi(String content, String reason) {
        assertRefused(
                () -> ContentCheck.check("OpenApi3", content.replace('\'', '"')),
                "BadRequestException",
                "Content is not a valid OpenAPI 3 document: " + reason + ".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'text'} | #/type is not a known type",
                "{'type':[]} | #/type is an empty list",
                "{'type':['string','string']} | #/type names a type twice",
                "{'required':[]} | #/required is not a list of names",
                "{'required':true} | #/required is not a list of names",
                "{'properties':{'a':1}} | #/properties/a is not of type object",
                "{'items':[{'enum':[]}]} | #/items/0/enum is not a list of values",
                "{'maxLength':-1} | #/maxLength is not a positive integer",
                "{'allOf':[]} | #/allOf is not a list of schemas",
                "{'exclusiveMinimum':3} | #/exclusiveMinimum is not of type boolean",
            })
    void refusesWhatIsNoJsonSchema(String content, String reason) {
        assertRefused(
                () -> ContentCheck.check("JSONSchemaDraft4", content.replace('\'', '"')),
                "BadRequestException",
                "Content is not a valid JSON Schema Draft 4 document: attribute " + reason + ".");
    }

    @Test
    void takesWhatIsValidAndIgnoresWhatItDoesNotKnow() {
        ContentCheck.check("OpenApi3", VALID);
        ContentCheck.check(
                "JSONSchemaDraft4",
                "{\"id\":\"x\",\"detail\":{\"output\":null},\"type\":[\"null\",\"object\"]}");
    }

    @Test
    void refusesWhatIsNoJsonObject() {
        assertRefused(
                () -> ContentCheck.check("OpenApi3", "{"),
                "BadRequestException",
                "Content is not valid JSON: Unexpected end-of-input: expected close marker for"
                        + " Object");
        assertRefused(
                () -> ContentCheck.check("JSONSchemaDraft4", "[]"),
                "BadRequestException",
                "Content is not a JSON object.");
    }

    /// Whatever is put into a document, the answer is a refusal or none: never our failure.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void brokenContentsAreRefusedAndNothingElse(long seed) {
        Random random = new Random(seed);
        String[] parts = {
            "{", "}", "[", "]", "\"", ":", ",", "null", "1e999", "\\u0000", "\"$ref\""
        };
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            StringBuilder content = new StringBuilder(VALID);
            for (int j = 1 + random.nextInt(4); j > 0; j--) {
                int at = random.nextInt(content.length());
                int end = Math.min(content.length(), at + random.nextInt(8));
                content.replace(at, end, parts[random.nextInt(parts.length)]);
            }
            for (String type : new String[] {"OpenApi3", "JSONSchemaDraft4"}) {
                try {
                    ContentCheck.check(type, content.toString());
                    StoredVersion version = new StoredVersion(1, type, content.toString(), 0);
                    JavaBinding.files(BindingModel.of("s", version));
                    if (type.equals("OpenApi3")) {
                        assertThat(DraftFour.of(ContentCheck.read(content.toString()))).isNotNull();
                    }
                } catch (ServiceException e) {
                    assertThat(e.error().httpStatus()).as("seed %d", seed).isEqualTo(400);
                    refused++;
                }
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void deepContentsAreRefused() {
        String deep = "{\"not\":".repeat(20_000) + "{}" + "}".repeat(20_000);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> ContentCheck.check("JSONSchemaDraft4", deep))
                .isInstanceOf(ServiceException.class);
    }
}
