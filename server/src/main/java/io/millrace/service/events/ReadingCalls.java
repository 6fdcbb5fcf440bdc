package io.millrace.service.events;

import java.util.List;

/// Records of management calls that only read: CloudTrail's events that a rule sees only in the
/// state `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`. Source: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html).
final class ReadingCalls {

    /// The state of rules that see them.
    static final String SEEN = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

    private static final String START = "{\"version\":\"0\",\"id\":\"";
    private static final int ID_LENGTH = 36;
    private static final String DETAIL_TYPE =
            "\",\"detail-type\":\"AWS API Call via CloudTrail\",\"source\":\"aws.";
    private static final String NAME = ",\"eventName\":\"";
    private static final String MANAGEMENT = ",\"managementEvent\":true,";
    private static final List<String> READING = List.of("Describe", "List", "Get");
    private static final List<String> CHANGING = List.of("GetFederationToken", "GetSessionToken");

    private ReadingCalls() {}

    /// Whether the event is such a record. Costs other events next to nothing.
    static boolean has(EventEnvelope event) {
        String json = event.json();
        if (!json.startsWith(DETAIL_TYPE, START.length() + ID_LENGTH)) {
            return false;
        }
        int name = json.indexOf(NAME);
        return name >= 0
                && json.contains(MANAGEMENT)
                && READING.stream().anyMatch(verb -> json.startsWith(verb, name + NAME.length()))
                && CHANGING.stream()
                        .noneMatch(call -> json.startsWith(call + '"', name + NAME.length()));
    }
}
