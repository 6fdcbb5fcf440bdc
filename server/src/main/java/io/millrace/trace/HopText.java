package io.millrace.trace;

import io.millrace.pattern.Arn;
import io.millrace.trace.Hop.Detail;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// A hop in words, for people.
final class HopText {
    private HopText() {}

    static String of(Hop hop) {
        String by = name(hop.by());
        String to = name(hop.to());
        Map<String, String> details = hop.details();
        return switch (hop.kind()) {
            case ACCEPTED -> "accepted by " + by + accepted(details);
            case WRITTEN ->
                    "written to "
                            + by
                            + ": "
                            + details.getOrDefault(Detail.EVENT_NAME, "")
                            + " of "
                            + details.getOrDefault(Detail.KEYS, "");
            case CAME_FROM -> "came from " + to + " by " + by;
            case ARCHIVED -> "archived by " + by; // the target's ARN names no archive
            case MATCHED -> "matched by " + by;
            case FILTERED -> "not wanted by " + by + because(details);
            case TRANSFORMED ->
                    by + " made of it, for " + to + ": " + details.getOrDefault(Detail.BODY, "");
            case ATTEMPTED -> attempted(to, details);
            case OWED -> "to be sent to " + to + " by " + by;
            case DELIVERED -> "delivered to " + to + " by " + by;
            case DEAD_LETTERED -> "put into the dead-letter queue of " + to + because(details);
            case KEPT -> "given up, and kept to be redriven" + because(details);
            case DROPPED -> "dropped by " + by + because(details);
        };
    }

    private static String accepted(Map<String, String> details) {
        String source = details.get(Detail.SOURCE);
        return source == null
                ? ""
                : " (source " + source + ", " + details.getOrDefault(Detail.DETAIL_TYPE, "") + ")";
    }

    private static String attempted(String to, Map<String, String> details) {
        String number = details.get(Detail.ATTEMPT);
        StringBuilder text = new StringBuilder(number == null ? "attempt" : "attempt " + number);
        text.append(" on ").append(to);
        String milliseconds = details.get(Detail.MILLISECONDS);
        if (milliseconds != null) {
            text.append(" took ").append(milliseconds).append(" ms");
        }
        String status = details.get(Detail.STATUS);
        if (status != null) {
            text.append(", answered ").append(status);
        }
        return text.append(because(details)).toString();
    }

    private static String because(Map<String, String> details) {
        String code = details.get(Detail.CODE);
        String why = details.get(Detail.WHY);
        return (code == null ? "" : ": " + code) + (why == null ? "" : ": " + why);
    }

    /// What an ARN names: `queue orders`.
    private static String name(@Nullable String target) {
        if (target == null) {
            return "its target";
        }
        return Arn.parse(target)
                .map(arn ->
                        switch (arn.service()) {
                            case "sqs" -> "queue " + arn.resource();
                            case "sns" ->
                                    arn.resource().indexOf(':') < 0
                                            ? "topic " + arn.resource()
                                            : "a subscription of topic "
                                                    + arn.resource().replaceFirst(":.*", "");
                            default -> arn.resource().replaceFirst("/", " ");
                        })
                .orElse(target);
    }
}
