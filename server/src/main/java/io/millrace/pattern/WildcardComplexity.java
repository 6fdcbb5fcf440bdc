package io.millrace.pattern;

import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.MachineComplexityEvaluator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// How complex the wildcards of a pattern are, in event-ruler's measure: how many of the places in
/// the wildcards of a field one text can have reached at once. Alternatives of a field count
/// together, also those of `$or`, where the fields before it (by name) ask the same.
///
/// AWS documents that there is a limit, without its height: of what people report, rules of 9 were
/// taken and rules of 12 refused, and one held against AWS takes 10 and no more. Sources: [user
/// guide](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-complexity),
/// [vals-ai/Valkyrie#278](https://github.com/vals-ai/Valkyrie/pull/278).
final class WildcardComplexity {
    static final int MAX = 10;

    private WildcardComplexity() {}

    static boolean isTooHigh(List<Map<String, List<EventPatternCondition>>> branches) {
        Map<List<Object>, Set<String>> places = new HashMap<>();
        for (Map<String, List<EventPatternCondition>> branch : branches) {
            SortedMap<String, List<EventPatternCondition>> fields = new TreeMap<>(branch);
            fields.forEach((path, conditions) -> {
                List<String> wildcards = wildcards(conditions);
                if (!wildcards.isEmpty()) {
                    String before = fields.headMap(path).toString();
                    places.computeIfAbsent(List.of(path, before), _ -> new LinkedHashSet<>())
                            .addAll(wildcards);
                }
            });
        }
        return places.values().stream().anyMatch(wildcards -> of(wildcards) > MAX);
    }

    /// The conditions with wildcards, each as a pattern writes it.
    private static List<String> wildcards(List<EventPatternCondition> conditions) {
        List<String> texts = new ArrayList<>();
        for (EventPatternCondition condition : conditions) {
            if (condition instanceof EventPatternCondition.Wildcard) {
                texts.add(condition.toString());
            } else if (condition instanceof EventPatternCondition.AnythingBut(var not, _)
                    && not.getFirst() instanceof EventPatternCondition.Wildcard) {
                List<String> spellings =
                        not.stream()
                                .map(EventPatternCondition.Wildcard.class::cast)
                                .map(wildcard -> JsonPathText.quote(wildcard.spelling()))
                                .toList();
                texts.add("{\"anything-but\":{\"wildcard\":" + spellings + "}}");
            }
        }
        return texts;
    }

    private static int of(Set<String> wildcards) {
        Machine machine = Machine.builder().build();
        try {
            machine.addRule("rule", "{\"field\":" + wildcards + "}");
        } catch (IOException e) {
            throw new IllegalStateException(e); // the compiler has taken them before
        }
        return machine.evaluateComplexity(new MachineComplexityEvaluator(MAX + 1));
    }
}
