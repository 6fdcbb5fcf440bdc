package io.millrace.pattern;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An event pattern of EventBridge: which events a rule wants. Immutable; a pure function of its
/// text.
///
/// The whole language is here: values, `prefix`, `suffix`, `equals-ignore-case`, `wildcard`,
/// `anything-but` in all its forms, `numeric`, `cidr`, `exists`, `$or`. Its meaning is that of
/// AWS's open matcher, event-ruler, which is also what validates a pattern; the tests hold the two
/// against each other. Source: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html).
public final class EventPattern {

    private final List<EventPatternBranch> branches;

    private EventPattern(List<EventPatternBranch> branches) {
        this.branches = branches;
    }

    /// Reads and checks a pattern.
    ///
    /// @throws EventPatternException when the pattern is not valid
    public static EventPattern parse(String json) {
        return of(EventPatternParser.parse(json));
    }

    /// Reads a pattern that has passed [#parse] before, at a small part of its cost.
    public static EventPattern parseValid(String json) {
        return of(EventPatternParser.parseValid(json));
    }

    private static EventPattern of(List<Map<String, List<EventPatternCondition>>> parsed) {
        List<EventPatternBranch> branches = new ArrayList<>(parsed.size());
        for (Map<String, List<EventPatternCondition>> branch : parsed) {
            branches.add(EventPatternBranch.of(new TreeMap<>(branch)));
        }
        return new EventPattern(List.copyOf(branches));
    }

    public boolean matches(EventPatternFields event) {
        for (EventPatternBranch branch : branches) {
            if (branch.matches(event)) {
                return true;
            }
        }
        return false;
    }

    /// Why the pattern matches the event, or what of it failed first.
    ///
    /// @param who wants it: `rule`, `filter`
    public EventPatternExplanation explain(String who, EventPatternFields event) {
        if (matches(event)) {
            return new EventPatternExplanation(true, List.of());
        }
        List<EventPatternExplanation.Miss> misses = new ArrayList<>();
        for (EventPatternBranch branch : branches) {
            misses.add(branch.miss(who, event));
        }
        misses.sort(
                Comparator.comparingInt(EventPatternExplanation.Miss::failedCount)
                        .thenComparing(
                                Comparator.comparingInt(EventPatternExplanation.Miss::satisfied)
                                        .reversed())); // the nearest first
        return new EventPatternExplanation(false, List.copyOf(misses));
    }

    List<EventPatternBranch> branches() {
        return branches;
    }
}
