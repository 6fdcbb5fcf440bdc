package io.millrace.service.sqs;

import io.millrace.delivery.Renderings;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.EventPatternException;
import io.millrace.pattern.EventPatternFields;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.function.Predicate;

/// Which messages a move task is for; each condition that is there must hold. Ours: AWS has no
/// selective redrive.
///
/// @param bodyPattern an event pattern for a body that is a JSON object; no other body matches
/// @param attributePattern an event pattern for the message attributes, numbers as numbers and the
///   elements of `String.Array` as values
/// @param bodyContains a part of the body's text, whatever it is
record MoveFilter(
        @Nullable String bodyPattern,
        @Nullable String attributePattern,
        @Nullable String bodyContains) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    boolean isEmpty() {
        return bodyPattern == null && attributePattern == null && bodyContains == null;
    }

    /// @throws io.millrace.wire.ServiceException when a pattern is not valid
    void check() {
        check("bodyPattern", bodyPattern);
        check("attributePattern", attributePattern);
    }

    private static void check(String name, @Nullable String pattern) {
        if (pattern == null) {
            return;
        }
        if (pattern.length() > SqsLimits.MOVE_PATTERN_CHARS_MAX) { // before it is compiled
            throw SqsErrors.invalid(
                    "%s must not have more than %d characters."
                            .formatted(name, SqsLimits.MOVE_PATTERN_CHARS_MAX));
        }
        try {
            EventPattern.parse(pattern);
        } catch (EventPatternException e) {
            throw SqsErrors.invalid(name + " is not valid. Reason: " + e.reason());
        }
    }

    /// What tells whether a message is wanted. Outside of any transaction, as bodies may have to be
    /// made.
    Predicate<StoredMessage> compile(Renderings renderings) {
        EventPattern body = bodyPattern == null ? null : EventPattern.parseValid(bodyPattern);
        EventPattern attributes =
                attributePattern == null ? null : EventPattern.parseValid(attributePattern);
        return message -> {
            if (attributes != null && !attributes.matches(attributes(message))) {
                return false;
            }
            if (body == null && bodyContains == null) {
                return true;
            }
            String text = message.body().in(renderings).text();
            return (bodyContains == null || text.contains(bodyContains))
                    && (body == null || matches(body, text));
        };
    }

    private static boolean matches(EventPattern pattern, String body) {
        try {
            return pattern.matches(EventPatternFields.of(body));
        } catch (IllegalArgumentException _) {
            return false; // not a JSON object
        }
    }

    private static EventPatternFields attributes(StoredMessage message) {
        ObjectNode all = MAPPER.createObjectNode();
        message.attributes()
                .forEach((name, attribute) -> {
                    String value = attribute.stringValue();
                    if (value != null) {
                        put(all, name, attribute.dataType(), value);
                    }
                });
        return EventPatternFields.of(MAPPER.writeValueAsString(all));
    }

    private static void put(ObjectNode all, String name, String type, String value) {
        try {
            if (type.equals("Number") || type.startsWith("Number.")) {
                all.put(name, new BigDecimal(value));
                return;
            }
            if (type.equals("String.Array") && MAPPER.readTree(value) instanceof ArrayNode array) {
                all.set(name, array);
                return;
            }
        } catch (NumberFormatException | JacksonException _) {
            // a text like any other
        }
        all.put(name, value);
    }
}
