package io.millrace.service.sqs;

import io.millrace.api.sqs.MessageAttributeValue;
import io.millrace.delivery.Message.Attribute;
import io.millrace.delivery.XmlText;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// What a message may consist of. Sources: [message
/// quotas](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html),
/// [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
final class MessageChecks {

    private MessageChecks() {}

    static void checkBody(String body) {
        if (body.isEmpty()) {
            throw SqsErrors.missingParameter("MessageBody");
        }
        if (!XmlText.is(body)) {
            throw SqsErrors.invalidCharacters();
        }
    }

    static void checkDelay(@Nullable Integer delaySeconds) {
        if (delaySeconds != null
                && (delaySeconds < 0 || delaySeconds > SqsLimits.DELAY_SECONDS_MAX)) {
            throw SqsErrors.invalidValue(
                    delaySeconds, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.");
        }
    }

    static void checkFifoId(String parameter, @Nullable String id) {
        if (id == null) {
            return;
        }
        boolean printable = id.chars().allMatch(c -> c > ' ' && c <= '~');
        if (id.isEmpty() || id.length() > SqsLimits.FIFO_ID_LENGTH_MAX || !printable) {
            throw SqsErrors.invalidValue(
                    id,
                    parameter,
                    parameter
                            + " can only include alphanumeric and punctuation characters. 1 to"
                            + " 128 in length.");
        }
    }

    static void checkAttributes(Map<String, Attribute> attributes) {
        if (attributes.size() > SqsLimits.MESSAGE_ATTRIBUTES_MAX) {
            throw SqsErrors.invalid(
                    "Number of message attributes ["
                            + attributes.size()
                            + "] exceeds the allowed maximum ["
                            + SqsLimits.MESSAGE_ATTRIBUTES_MAX
                            + "].");
        }
        attributes.forEach((name, attribute) -> {
            checkName(name);
            checkValue("user", name, attribute);
        });
    }

    /// Lists are part of the model, and nothing else.
    ///
    /// @param operation that came with the attributes
    static void checkNoLists(
            String operation, @Nullable Map<String, MessageAttributeValue> attributes) {
        if (attributes == null) {
            return;
        }
        for (MessageAttributeValue value : attributes.values()) {
            if (value.stringListValues() != null || value.binaryListValues() != null) {
                throw SqsErrors.listValues(operation);
            }
        }
    }

    static void checkSystemAttributes(Map<String, Attribute> attributes) {
        attributes.forEach((name, attribute) -> {
            if (!name.equals(Outgoing.TRACE_HEADER)) {
                throw SqsErrors.invalid("Message system attribute name '" + name + "' is invalid.");
            }
            checkValue("system", name, attribute);
            if (!attribute.dataType().equals("String")) {
                throw SqsErrors.invalid(
                        "The type of message (system) attribute '"
                                + name
                                + "' is invalid. You must use only the following supported type"
                                + " prefixes: String.");
            }
        });
    }

    /// The sum of names, types and values.
    static long bytes(Map<String, Attribute> attributes) {
        long bytes = 0;
        for (Map.Entry<String, Attribute> entry : attributes.entrySet()) {
            Attribute attribute = entry.getValue();
            byte[] binary = attribute.binaryValue();
            String text = attribute.stringValue();
            bytes += utf8Length(entry.getKey()) + utf8Length(attribute.dataType());
            bytes += binary == null ? 0 : binary.length;
            bytes += text == null ? 0 : utf8Length(text);
        }
        return bytes;
    }

    static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length; // faster than to count, mostly
    }

    private static void checkName(String name) {
        if (name.isEmpty() || name.length() > SqsLimits.ATTRIBUTE_NAME_LENGTH_MAX) {
            throw SqsErrors.invalid(
                    "Message (user) attribute names must be shorter than 256 Bytes");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("aws.")
                || lower.startsWith("amazon.")
                || lower.startsWith(".")
                || lower.endsWith(".")) {
            throw SqsErrors.invalid(
                    "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'."
                            + " These strings are reserved for internal use. Additionally, they"
                            + " cannot start or end with '.'.");
        }
        if (!name.codePoints().allMatch(MessageChecks::isInNames) || name.contains("..")) {
            throw SqsErrors.invalid(
                    "Message (user) attributes name can only contain upper and lower score"
                            + " characters, digits, periods, hyphens and underscores. ");
        }
    }

    /// Letters and digits of any script, as AWS is seen to take them.
    private static boolean isInNames(int codePoint) {
        return Character.isLetterOrDigit(codePoint) || "_-.".indexOf(codePoint) >= 0;
    }

    private static void checkValue(String kind, String name, Attribute attribute) {
        String type = attribute.dataType();
        String where = "essage (" + kind + ") attribute '" + name + "'";
        if (type.isEmpty() || type.equals("null")) {
            throw SqsErrors.invalid(
                    "The m" + where + " must contain a non-empty message attribute type.");
        }
        if (type.length() > SqsLimits.ATTRIBUTE_NAME_LENGTH_MAX) {
            throw SqsErrors.invalid(
                    "Message (user) attribute types must be shorter than 256 Bytes");
        }
        if (!XmlText.is(type)) {
            throw SqsErrors.invalidAttributeCharacters();
        }
        int dot = type.indexOf('.');
        switch (dot < 0 ? type : type.substring(0, dot)) {
            case "String" -> checkText(where, attribute, "String");
            case "Number" -> {
                checkText(where, attribute, "Number");
                if (dot < 0 && !isNumber(String.valueOf(attribute.stringValue()))) {
                    throw SqsErrors.invalid("Can't cast the value of m" + where + " to a number.");
                }
            }
            case "Binary" -> {
                byte[] binary = attribute.binaryValue();
                if (binary == null || binary.length == 0) {
                    throw empty(where, "Binary");
                }
            }
            default ->
                    throw SqsErrors.invalid(
                            "The type of m"
                                    + where
                                    + " is invalid. You must use only the following supported"
                                    + " type prefixes: Binary, Number, String.");
        }
    }

    private static void checkText(String where, Attribute attribute, String type) {
        String text = attribute.stringValue();
        if (text == null || text.isEmpty()) {
            throw empty(where, type);
        }
        if (!XmlText.is(text)) {
            throw SqsErrors.invalidAttributeCharacters();
        }
    }

    private static ServiceException empty(String where, String type) {
        return SqsErrors.invalid(
                "M" + where + " must contain a non-empty value of type '" + type + "'.");
    }

    private static boolean isNumber(String text) {
        try {
            new BigDecimal(text);
            return true;
        } catch (NumberFormatException _) {
            return false;
        }
    }
}
