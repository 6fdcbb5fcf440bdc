package io.millrace.service.sns;

import io.millrace.api.sns.GetSMSAttributesInput;
import io.millrace.api.sns.GetSMSAttributesResponse;
import io.millrace.api.sns.SetSMSAttributesInput;
import io.millrace.api.sns.SetSMSAttributesResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// `SetSMSAttributes` and `GetSMSAttributes`: an account's defaults for text messages, in each
/// region. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_SetSMSAttributes.html).
final class SmsAttributes {
    static final String DEFAULT_SENDER_ID = "DefaultSenderID";
    static final String DEFAULT_SMS_TYPE = "DefaultSMSType";
    static final String STATUS_ROLE = "DeliveryStatusIAMRole";
    static final String STATUS_RATE = "DeliveryStatusSuccessSamplingRate";

    /// Eleven letters and digits at most, a letter among them.
    static final Pattern SENDER_ID = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}");

    static final Pattern SMS_TYPE = Pattern.compile("Promotional|Transactional");

    /// Which values an attribute takes.
    private static final Map<String, Pattern> VALUES =
            Map.of(
                    "MonthlySpendLimit",
                    Pattern.compile("\\d{1,9}"),
                    STATUS_ROLE,
                    Pattern.compile("arn:[a-z-]+:iam::\\d{12}:role/.+"),
                    STATUS_RATE,
                    Pattern.compile("\\d{1,2}|100"),
                    DEFAULT_SENDER_ID,
                    SENDER_ID,
                    DEFAULT_SMS_TYPE,
                    SMS_TYPE,
                    "UsageReportS3Bucket",
                    Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"));

    private record Stored(Map<String, String> attributes) {}

    private static final ResourceCodec<Stored> CODEC = new ResourceCodec<>(Stored.class);

    private final Store store;

    SmsAttributes(Store store) {
        this.store = store;
    }

    static Map<String, String> of(Snapshot snapshot, String accountId, String region) {
        Stored stored = CODEC.decodeOrNull(snapshot.get(SnsKeys.smsAttributes(accountId, region)));
        return stored == null ? Map.of() : stored.attributes;
    }

    /// An empty value removes an attribute.
    SetSMSAttributesResponse set(Caller caller, SetSMSAttributesInput request) {
        request.attributes().forEach(SmsAttributes::check);
        store.<@Nullable Void>write(tx -> {
            Map<String, String> attributes =
                    new LinkedHashMap<>(of(tx, caller.accountId(), caller.region()));
            attributes.putAll(request.attributes());
            attributes.values().removeIf(String::isEmpty);
            tx.put(
                    SnsKeys.smsAttributes(caller.accountId(), caller.region()),
                    CODEC.encode(new Stored(attributes)));
            return null;
        });
        return SetSMSAttributesResponse.builder().build();
    }

    GetSMSAttributesResponse get(Caller caller, GetSMSAttributesInput request) {
        Map<String, String> attributes =
                new LinkedHashMap<>(
                        store.<Map<String, String>>read(
                                snapshot -> of(snapshot, caller.accountId(), caller.region())));
        List<String> wanted = request.attributes();
        if (wanted != null && !wanted.isEmpty()) {
            wanted.forEach(SmsAttributes::checkName);
            attributes.keySet().retainAll(wanted);
        }
        return GetSMSAttributesResponse.builder().attributes(attributes).build();
    }

    private static void check(String name, String value) {
        checkName(name);
        Pattern values = VALUES.get(name);
        if (values != null && !value.isEmpty() && !values.matcher(value).matches()) {
            throw SnsErrors.invalid(name + " is invalid");
        }
    }

    private static void checkName(String name) {
        if (!VALUES.containsKey(name)) {
            throw SnsErrors.invalid(name + " is not a valid attribute");
        }
    }
}
