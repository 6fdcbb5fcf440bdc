package io.millrace.service.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.delivery.Message.Attribute;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Digests that AWS answered, as test suites which ran against it recorded them.
class MessageMd5Test {

    @Test
    void ofABody() {
        assertThat(MessageMd5.ofBody("Test Message".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("d1d4180b7e411c4be86b00fb2ee103eb");
    }

    @Test
    void ofStringAttributesInAnyOrder() {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("Help.Me", Attribute.string("Me"));
        attributes.put("Hello", Attribute.string("There"));
        attributes.put("General", Attribute.string("Kenobi"));

        assertThat(MessageMd5.ofAttributes(attributes))
                .isEqualTo("4c360f3fdafd970e05fae2f149d997f5");
    }

    @Test
    void ofOneStringAttribute() {
        assertThat(MessageMd5.ofAttributes(Map.of("Hello", Attribute.string("World"))))
                .isEqualTo("7db7fb1ba7f41366a8ea5eb18220b26d");
    }

    @Test
    void ofABinaryAttribute() {
        String value = "traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01";
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);

        assertThat(MessageMd5.ofAttributes(Map.of("attr1", new Attribute("Binary", null, bytes))))
                .isEqualTo("8cbe4db156db8a94db8b801b7addb984");
    }

    @Test
    void ofACustomType() {
        var number = new Attribute("Number.bigint", "1234567890123456789012", null);

        assertThat(MessageMd5.ofAttributes(Map.of("UserId", number)))
                .isEqualTo("797ab158d73dcb5242dedc4412c8e855");
    }

    @Test
    void ofTheTraceHeader() {
        assertThat(
                        MessageMd5.ofAttributes(
                                Map.of("AWSTraceHeader", Attribute.string("some-trace-id"))))
                .isEqualTo("fdce4f2818803f2f73becc09a54792c0");
    }

    @Test
    void ofNoAttributesIsAbsent() {
        assertThat(MessageMd5.ofAttributes(Map.of())).isNull();
    }
}
