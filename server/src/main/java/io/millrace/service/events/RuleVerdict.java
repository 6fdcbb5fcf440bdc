package io.millrace.service.events;

import io.millrace.pattern.EventPattern;
import io.millrace.pattern.EventPatternExplanation;
import io.millrace.pattern.EventPatternExplanation.Miss;
import io.millrace.pattern.EventPatternFields;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Comparator;
import java.util.List;

/// What a rule says to an event, and why.
///
/// @param misses why its pattern does not match, the nearest alternative first
record RuleVerdict(StoredRule rule, Kind kind, List<Miss> misses) {

    /// How a rule and an event stand.
    enum Kind {
        MATCHED,
        /// The pattern does not match.
        NOT_MATCHED,
        /// The pattern matches, and the rule is disabled.
        DISABLED,
        /// The rule is disabled, and its pattern does not match.
        DISABLED_NOT_MATCHED,
        /// There is only a schedule.
        SCHEDULE_ONLY
    }

    /// The nearest first; what would match but is disabled is nearest of all.
    static final Comparator<RuleVerdict> ORDER =
            Comparator.comparingInt(RuleVerdict::distance)
                    .thenComparing(Comparator.comparingInt(RuleVerdict::satisfied).reversed())
                    .thenComparing(verdict -> verdict.rule().name());

    private static final int ALTERNATIVES_SHOWN = 5;
    private static final int VALUES_SHOWN = 20;
    private static final int FAR = 1_000_000;

    static RuleVerdict of(StoredRule rule, EventPatternFields event) {
        if (rule.eventPattern().isEmpty()) {
            return new RuleVerdict(rule, Kind.SCHEDULE_ONLY, List.of());
        }
        EventPatternExplanation explained =
                EventPattern.parseValid(rule.eventPattern()).explain("rule", event);
        Kind kind;
        if (explained.matched()) {
            kind = rule.isEnabled() ? Kind.MATCHED : Kind.DISABLED;
        } else {
            kind = rule.isEnabled() ? Kind.NOT_MATCHED : Kind.DISABLED_NOT_MATCHED;
        }
        return new RuleVerdict(rule, kind, explained.misses());
    }

    boolean matched() {
        return kind == Kind.MATCHED;
    }

    private int distance() {
        return switch (kind) {
            case MATCHED, DISABLED -> 0;
            case NOT_MATCHED -> misses.getFirst().failedCount();
            case DISABLED_NOT_MATCHED -> FAR + misses.getFirst().failedCount();
            case SCHEDULE_ONLY -> 2 * FAR;
        };
    }

    private int satisfied() {
        return misses.isEmpty() ? 0 : misses.getFirst().satisfied();
    }

    /// All of it in words.
    String words() {
        return switch (kind) {
            case MATCHED -> "matches";
            case DISABLED -> "would match, but the rule is disabled";
            case NOT_MATCHED -> missed();
            case DISABLED_NOT_MATCHED -> "the rule is disabled, and would not match: " + missed();
            case SCHEDULE_ONLY -> "the rule has a schedule and no pattern: no event matches it";
        };
    }

    private String missed() {
        String first = misses.getFirst().words();
        return misses.size() == 1
                ? first
                : first + " (the nearest of " + misses.size() + " alternatives)";
    }

    ObjectNode node(JsonMapper mapper, BusName bus) {
        ObjectNode node = mapper.createObjectNode();
        node.put("Rule", rule.name());
        node.put("RuleArn", bus.ruleArn(rule.name()).toString());
        node.put("State", rule.state());
        node.put("Matched", matched());
        node.put("Verdict", kind.name());
        node.put("Text", words());
        if (!misses.isEmpty()) {
            ArrayNode alternatives = node.putArray("Misses");
            for (Miss miss : misses.subList(0, Math.min(misses.size(), ALTERNATIVES_SHOWN))) {
                alternatives.add(node(mapper, miss));
            }
            node.put("AlternativeCount", misses.size());
        }
        return node;
    }

    private static ObjectNode node(JsonMapper mapper, Miss miss) {
        ObjectNode node = mapper.createObjectNode();
        node.put("Field", miss.path());
        node.put("Reason", miss.reason().name());
        node.set("Expected", mapper.readTree(miss.expected()));
        ArrayNode actual = node.putArray("Actual");
        for (String value :
                miss.actual().subList(0, Math.min(VALUES_SHOWN, miss.actual().size()))) {
            if (value.startsWith("\"")) {
                actual.add(value.substring(1, value.length() - 1));
            } else {
                actual.add(mapper.readTree(value));
            }
        }
        node.put("FieldsSatisfied", miss.satisfied());
        node.put("FieldCount", miss.fieldCount());
        node.put("Text", miss.words());
        return node;
    }
}
