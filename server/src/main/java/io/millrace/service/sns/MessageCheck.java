package io.millrace.service.sns;

import io.millrace.api.ErrorModel;
import io.millrace.api.sns.MessageAttributeValue;
import io.millrace.delivery.Message;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// What may be published. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
final class MessageCheck {
    private static final Pattern DATA_TYPE = Pattern.compile("(String|Number|Binary)(\\..+)?");
    private static final Pattern NUMBER =
            Pattern.compile("\\s*+[+-]?+(\\d++(\\.\\d*+)?+|\\.\\d++)([eE][+-]?+\\d++)?+\\s*+");
    private static final Pattern ID_CHARACTERS =
            Pattern.compile("[A-Za-z0-9!\"#$%&'()*+,./:;<=>?@\\[\\\\\\]^_`{|}~-]+");
    private static final JsonMapper JSON = new JsonMapper();

    private MessageCheck() {}

    static void checkSubject(@Nullable String subject) {
        if (subject != null
                && (subject.isEmpty()
                        || subject.length() > SnsLimits.SUBJECT_CHARACTERS
                        || subject.chars().anyMatch(Character::isISOControl))) {
            throw SnsErrors.invalidParameter("Subject");
        }
    }

    static void checkMessage(String message) {
        if (message.isEmpty()) {
            throw SnsErrors.invalidParameter("Empty message");
        }
    }

    /// The message by protocol.
    static Map<String, String> bodies(@Nullable String structure, String message) {
        if (structure == null || structure.isEmpty()) {
            return Map.of(Publication.DEFAULT, message);
        }
        if (!structure.equals("json")) {
            throw SnsErrors.invalidParameter("MessageStructure");
        }
        Map<String, String> bodies = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : parsed(message).properties()) {
            if (member.getValue().isString()) { // AWS ignores everything else
                bodies.put(member.getKey(), member.getValue().asString());
            }
        }
        if (!bodies.containsKey(Publication.DEFAULT)) {
            throw SnsErrors.invalidParameter(
                    "Message Structure - No default entry in JSON message body");
        }
        return bodies;
    }

    /// The attributes, checked in their order.
    ///
    /// @param path the attributes' member in AWS's wording
    static Map<String, Message.Attribute> attributes(
            @Nullable Map<String, MessageAttributeValue> requested, String path) {
        Map<String, Message.Attribute> attributes = new LinkedHashMap<>();
        if (requested != null) {
            requested.forEach((name, value) -> {
                checkName(name);
                checkType(name, value, path);
                checkValue(name, value);
                attributes.put(
                        name,
                        new Message.Attribute(
                                value.dataType(), value.stringValue(), value.binaryValue()));
            });
        }
        return attributes;
    }

    static int bytes(String message, Map<String, Message.Attribute> attributes) {
        int bytes = bytes(message);
        for (Map.Entry<String, Message.Attribute> entry : attributes.entrySet()) {
            Message.Attribute attribute = entry.getValue();
            byte[] binary = attribute.binaryValue();
            String text = attribute.stringValue();
            bytes += bytes(entry.getKey()) + bytes(attribute.dataType());
            bytes += binary == null ? 0 : binary.length;
            bytes += text == null ? 0 : bytes(text);
        }
        return bytes;
    }

    static void checkFifo(
            boolean isFifo, @Nullable String groupId, @Nullable String deduplicationId) {
        if (isFifo && (groupId == null || groupId.isEmpty())) {
            throw SnsErrors.invalidParameter(
                    "The MessageGroupId parameter is required for FIFO topics");
        }
        if (!isFifo && deduplicationId != null) {
            throw SnsErrors.invalidParameter(
                    "MessageDeduplicationId",
                    "The request includes MessageDeduplicationId parameter that is not valid for"
                            + " this topic type");
        }
        checkId("MessageGroupId", groupId);
        checkId("MessageDeduplicationId", deduplicationId);
    }

    static void checkDeduplication(Topic topic, @Nullable String deduplicationId) {
        if (topic.isFifo()
                && deduplicationId == null
                && !topic.is(TopicAttributes.CONTENT_BASED_DEDUPLICATION)) {
            throw SnsErrors.invalidParameter(
                    "The topic should either have ContentBasedDeduplication enabled or"
                            + " MessageDeduplicationId provided explicitly");
        }
    }

    private static void checkId(String name, @Nullable String id) {
        if (id != null
                && (id.length() > SnsLimits.MESSAGE_ID_CHARACTERS
                        || !ID_CHARACTERS.matcher(id).matches())) {
            throw SnsErrors.invalidParameter(
                    name,
                    name
                            + " can only include alphanumeric and punctuation characters. 1 to 128"
                            + " in length.");
        }
    }

    private static JsonNode parsed(String message) {
        try {
            JsonNode root = JSON.readTree(message);
            if (root.isObject()) {
                return root;
            }
        } catch (JacksonException _) { // refused below
        }
        throw SnsErrors.invalidParameter("Message Structure - JSON message body failed to parse");
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw SnsErrors.invalidAttributeValue("Message attribute name can not be empty.");
        }
        if (name.length() > SnsLimits.ATTRIBUTE_NAME_CHARACTERS) {
            throw SnsErrors.invalidAttributeValue(
                    "Length of message attribute name must be less than 256 bytes.");
        }
        if (name.startsWith(".")) {
            throw SnsErrors.invalidAttributeValue(
                    "Invalid message attribute name starting with character '.' was found.");
        }
        if (name.endsWith(".")) {
            throw SnsErrors.invalidAttributeValue(
                    "Invalid message attribute name ending with character '.' was found.");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.' && name.charAt(i - 1) == '.') {
                throw SnsErrors.invalidAttributeValue(
                        "Message attribute name can not have successive '.' character.");
            }
            boolean allowed =
                    (c < 0x80 && Character.isLetterOrDigit(c)) || c == '_' || c == '-' || c == '.';
            if (!allowed) {
                throw SnsErrors.invalidAttributeValue(
                        "Invalid non-alphanumeric character '#x%X' was found in the message"
                                        .formatted((int) c)
                                + " attribute name. Can only include alphanumeric characters,"
                                + " hyphens, underscores, or dots.");
            }
        }
    }

    @SuppressWarnings("NullAway") // required by the model, so not null; AWS words it in its own way
    private static void checkType(String name, MessageAttributeValue value, String path) {
        String type = value.dataType();
        if (type == null || type.isEmpty()) {
            throw new ServiceException(
                    ErrorModel.of("ValidationError", 400),
                    "1 validation error detected: Value null at '"
                            + path
                            + "."
                            + name
                            + ".member.dataType' failed to satisfy constraint: Member must not be"
                            + " null");
        }
        if (!DATA_TYPE.matcher(type).matches()) {
            throw SnsErrors.invalidAttributeValue(
                    "The message attribute '"
                            + name
                            + "' has an invalid message attribute type, the set of supported type"
                            + " prefixes is Binary, Number, and String.");
        }
    }

    private static void checkValue(String name, MessageAttributeValue value) {
        String type = value.dataType();
        boolean isBinary = type.startsWith("Binary");
        String text = value.stringValue();
        byte[] binary = value.binaryValue();
        boolean isOther =
                isBinary ? binary == null && text != null : text == null && binary != null;
        if (isOther) {
            throw SnsErrors.invalidAttributeValue(
                    "The message attribute '"
                            + name
                            + "' with type '"
                            + type
                            + "' must use field '"
                            + (isBinary ? "Binary" : "String")
                            + "'.");
        }
        boolean isEmpty = isBinary ? binary == null || binary.length == 0 : isBlank(text);
        if (isEmpty) {
            throw SnsErrors.invalidAttributeValue(
                    "The message attribute '"
                            + name
                            + "' must contain non-empty message attribute value for message"
                            + " attribute type '"
                            + type
                            + "'.");
        }
        if (type.equals("Number") && !NUMBER.matcher(String.valueOf(text)).matches()) {
            throw SnsErrors.invalidAttributeValue(
                    "Could not cast message attribute '" + name + "' value to number.");
        }
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
