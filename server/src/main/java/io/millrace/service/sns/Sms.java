package io.millrace.service.sns;

import io.millrace.delivery.Message;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// What message attributes and an account's defaults say of a text message. Source: [developer
/// guide](https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html).
final class Sms {
    private static final String SENDER_ID = "AWS.SNS.SMS.SenderID";
    private static final String SMS_TYPE = "AWS.SNS.SMS.SMSType";

    /// What a gateway is told, by the attribute that tells it, and which values that takes.
    private static final Map<String, Pattern> VALUES =
            Map.of(
                    SENDER_ID,
                    SmsAttributes.SENDER_ID,
                    SMS_TYPE,
                    SmsAttributes.SMS_TYPE,
                    "AWS.SNS.SMS.MaxPrice",
                    Pattern.compile("\\d{1,6}(\\.\\d{1,6})?"),
                    "AWS.MM.SMS.OriginationNumber",
                    Pattern.compile("\\+?\\d{3,15}"),
                    "AWS.MM.SMS.EntityId",
                    Pattern.compile("[A-Za-z0-9]{1,50}"),
                    "AWS.MM.SMS.TemplateId",
                    Pattern.compile("[A-Za-z0-9]{1,50}"));

    /// The characters of the GSM alphabet, each a septet; those after it take two.
    private static final String GSM =
            "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
                    + "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private static final String GSM_EXTENDED = "\f^{}\\[~]|€";

    private Sms() {}

    /// Refuses attributes that a telephone company would.
    static void check(Map<String, Message.Attribute> attributes) {
        VALUES.forEach((name, values) -> {
            Message.Attribute attribute = attributes.get(name);
            if (attribute != null && !values.matcher(value(attribute)).matches()) {
                throw SnsErrors.invalidParameter(name);
            }
        });
    }

    /// The name that the telephone shows; null for none.
    static @Nullable String senderId(
            Map<String, Message.Attribute> attributes, Map<String, String> defaults) {
        String sender = attributes.containsKey(SENDER_ID) ? value(attributes.get(SENDER_ID)) : "";
        return SmsAttributes.SENDER_ID.matcher(sender).matches()
                ? sender
                : defaults.get(SmsAttributes.DEFAULT_SENDER_ID);
    }

    /// What else a gateway is told.
    static Map<String, String> told(
            Map<String, Message.Attribute> attributes, Map<String, String> defaults, String text) {
        Map<String, String> told = new LinkedHashMap<>();
        told.put("SMSType", defaults.getOrDefault(SmsAttributes.DEFAULT_SMS_TYPE, "Promotional"));
        VALUES.forEach((name, values) -> {
            Message.Attribute attribute = attributes.get(name);
            if (attribute != null
                    && !name.equals(SENDER_ID)
                    && values.matcher(value(attribute)).matches()) {
                told.put(name.substring(name.lastIndexOf('.') + 1), value(attribute));
            }
        });
        told.put("Parts", Integer.toString(parts(text)));
        return told;
    }

    /// How many messages of the telephone network a text takes: one of 160 septets (70 UTF-16 code
    /// units when a character is outside of the GSM alphabet), or several of 153 (67).
    static int parts(String text) {
        int septets = 0;
        boolean isGsm = true;
        for (int i = 0; i < text.length() && isGsm; i++) {
            char c = text.charAt(i);
            boolean isExtended = GSM_EXTENDED.indexOf(c) >= 0;
            isGsm = isExtended || GSM.indexOf(c) >= 0;
            septets += isExtended ? 2 : 1;
        }
        int units = isGsm ? septets : text.length();
        int single = isGsm ? 160 : 70;
        int part = isGsm ? 153 : 67;
        return units <= single ? 1 : (units + part - 1) / part;
    }

    private static String value(Message.@Nullable Attribute attribute) {
        String value = attribute == null ? null : attribute.stringValue();
        return value == null ? "" : value;
    }
}
