package io.millrace.service.pipes;

import io.millrace.pattern.EventPattern;
import io.millrace.pattern.EventPatternFields;

import java.util.ArrayList;
import java.util.List;

/// The filters of a pipe: an event passes when it matches one of them, or there is none. Immutable.
///
/// A queue's message is seen with its body as JSON when that is a JSON object or array; a pattern
/// that has fields for the body then never matches a plain one, and one that has a plain string
/// never matches JSON. Source: [filtering](
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html).
final class PipeFilter {
    private final List<EventPattern> patterns;

    /// @param patterns valid ones
    PipeFilter(List<String> patterns) {
        List<EventPattern> parsed = new ArrayList<>();
        patterns.forEach(pattern -> parsed.add(EventPattern.parseValid(pattern)));
        this.patterns = List.copyOf(parsed);
    }

    boolean passes(PipeEvent event) {
        if (patterns.isEmpty()) {
            return true;
        }
        EventPatternFields fields = EventPatternFields.of(event.seen());
        for (EventPattern pattern : patterns) {
            if (pattern.matches(fields)) {
                return true;
            }
        }
        return false;
    }
}
