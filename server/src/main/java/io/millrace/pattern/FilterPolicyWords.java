package io.millrace.pattern;

import io.millrace.pattern.EventPatternExplanation.Miss;
import io.millrace.pattern.EventPatternExplanation.Reason;
import io.millrace.pattern.EventPatternFields.Field;
import io.millrace.pattern.FilterPolicyCondition.AnythingBut;
import io.millrace.pattern.FilterPolicyCondition.Cidr;
import io.millrace.pattern.FilterPolicyCondition.Exact;
import io.millrace.pattern.FilterPolicyCondition.Exists;
import io.millrace.pattern.FilterPolicyCondition.Part;
import io.millrace.pattern.FilterPolicyCondition.Range;
import io.millrace.pattern.FilterPolicyCondition.Wildcard;
import io.millrace.pattern.FilterPolicyInput.Leaf;
import io.millrace.pattern.FilterPolicyValue.Literal;
import io.millrace.pattern.FilterPolicyValue.Numeric;
import io.millrace.pattern.FilterPolicyValue.Text;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// Why a filter policy does not match, in the words that event patterns have.
final class FilterPolicyWords {

    static final String ROOM =
            "at most %,d elements of arrays around all values"
                    .formatted(FilterPolicyInput.ELEMENTS_MAX);
    static final String CROWDED =
            ("no filter policy matches this message: too much of it is in arrays (the depths of all"
                            + " values, counted in elements of arrays, sum up to more than %,d)")
                    .formatted(FilterPolicyInput.ELEMENTS_MAX);

    private static final String WHO = "filter policy";

    private FilterPolicyWords() {}

    /// @param satisfied how many fields come before the one that failed
    static Miss miss(FilterPolicy.Field failed, List<Leaf> leaves, int satisfied, int fieldCount) {
        List<Field> actual = new ArrayList<>();
        for (Leaf leaf : leaves) {
            actual.add(field(leaf.value()));
        }
        List<EventPatternCondition> conditions = new ArrayList<>();
        failed.conditions().forEach(condition -> conditions.add(worded(condition)));
        boolean would =
                leaves.stream()
                        .anyMatch(leaf ->
                                failed.conditions().stream()
                                        .anyMatch(each -> each.matches(leaf.value())));
        Reason reason;
        String words;
        if (would) {
            reason = Reason.ELEMENT;
            words =
                    failed.path()
                            + " has a value that would do ("
                            + PatternWords.wants(conditions)
                            + "), but not in the array element that fits the fields before it";
        } else if (!leaves.isEmpty() && failed.conditions().contains(new Exists(true))) {
            reason = Reason.VALUE; // all are null or empty
            words = PatternWords.sentence(WHO, failed.path(), wantsSomething(conditions), actual);
        } else {
            reason = PatternWords.why(conditions, actual).reason();
            words = PatternWords.sentence(WHO, failed.path(), conditions, actual);
        }
        return new Miss(
                failed.path(),
                EventPatternCondition.list(conditions),
                actual.stream().map(Field::value).toList(),
                satisfied,
                fieldCount,
                reason,
                words);
    }

    /// The same, when not all combinations of array elements were looked at.
    static Miss cutOff(Miss miss) {
        return new Miss(
                miss.path(),
                miss.expected(),
                miss.actual(),
                miss.satisfied(),
                miss.fieldCount(),
                Reason.LIMIT,
                ("%s was looked at in the first combinations only of the array elements in which"
                                + " the fields before it match: together they have more than %,d"
                                + " elements")
                        .formatted(miss.path(), FilterPolicyInput.ELEMENTS_MAX));
    }

    private static String wantsSomething(List<EventPatternCondition> conditions) {
        List<EventPatternCondition> others = new ArrayList<>(conditions);
        others.removeIf(EventPatternCondition.Exists.class::isInstance);
        String something = "a value that is neither null nor empty";
        return others.isEmpty() ? something : PatternWords.wants(others) + " or " + something;
    }

    private static Field field(FilterPolicyValue value) {
        return switch (value) {
            case Text(String text) -> new Field('"' + text + '"', Double.NaN, null);
            case Literal(String text) -> new Field(text, Double.NaN, null);
            case Numeric(BigDecimal number) ->
                    new Field(number.toString(), number.doubleValue(), null);
        };
    }

    private static EventPatternCondition worded(FilterPolicyCondition condition) {
        return switch (condition) {
            case Exact(Text(String text)) -> new EventPatternCondition.Equal('"' + text + '"');
            case Exact(Literal(String text)) -> new EventPatternCondition.Equal(text);
            case Exact(Numeric(BigDecimal number)) ->
                    new EventPatternCondition.NumberEqual(number.doubleValue(), number.toString());
            case Part(Part.Kind kind, String text, boolean ignoreCase) ->
                    switch (kind) {
                        case PREFIX -> new EventPatternCondition.Prefix(text, ignoreCase);
                        case SUFFIX -> new EventPatternCondition.Suffix(text, ignoreCase);
                        case WHOLE -> new EventPatternCondition.EqualIgnoreCase(text);
                    };
            case Wildcard(String source, List<String> pieces) ->
                    new EventPatternCondition.Wildcard(pieces, source);
            case Range range -> worded(range);
            case Exists(boolean expected) ->
                    expected
                            ? new EventPatternCondition.Exists()
                            : new EventPatternCondition.Absent();
            case Cidr(String source, _, _) -> EventPatternCondition.Cidr.of(source);
            case AnythingBut(List<FilterPolicyCondition> conditions) -> {
                List<EventPatternCondition> worded = new ArrayList<>();
                conditions.forEach(each -> worded.add(worded(each)));
                yield new EventPatternCondition.AnythingBut(
                        worded, EventPatternCondition.list(worded));
            }
        };
    }

    private static EventPatternCondition worded(Range range) {
        BigDecimal bottom = range.bottom();
        BigDecimal top = range.top();
        String text = range.toString(); // {"numeric":[…]}
        String spelling = text.substring("{\"numeric\":[".length(), text.length() - "]}".length());
        return bottom != null && top != null && bottom.compareTo(top) == 0
                ? new EventPatternCondition.NumberEqual(bottom.doubleValue(), text)
                : new EventPatternCondition.Range(
                        bottom == null ? Double.NEGATIVE_INFINITY : bottom.doubleValue(),
                        range.bottomOpen(),
                        top == null ? Double.POSITIVE_INFINITY : top.doubleValue(),
                        range.topOpen(),
                        spelling);
    }
}
