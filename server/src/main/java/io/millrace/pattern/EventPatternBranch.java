package io.millrace.pattern;

import io.millrace.pattern.EventPatternFields.Field;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// One alternative of a pattern: a list of conditions for each path, all of which must hold.
///
/// Paths are tried in the order of their names. What was chosen in an array for one path binds
/// those after it to the same element; `exists: false` looks only at the elements that are bound so
/// far. This is backtracking over array elements; its work is bounded, and an event that needs more
/// does not match.
record EventPatternBranch(List<Requirement> requirements) {

    private static final int STEPS_MAX = 4_000_000; // fields looked at, and elements compared
    private static final int SHOWN_MAX = 4096; // characters of a path; patterns have no more
    private static final int HINT_CHARS_MAX =
            1 << 20; // of all paths; an event with more gets no hint
    private static final int[] UNBOUND = {};

    /// @param absent whether the field may be missing
    record Requirement(String path, List<EventPatternCondition> conditions, boolean absent) {

        boolean accepts(Field field) {
            for (EventPatternCondition condition : conditions) {
                if (condition.matches(field)) {
                    return true;
                }
            }
            return false;
        }
    }

    static EventPatternBranch of(SortedMap<String, List<EventPatternCondition>> byPath) {
        List<Requirement> requirements = new ArrayList<>();
        byPath.forEach((path, conditions) ->
                requirements.add(
                        new Requirement(
                                path,
                                conditions,
                                conditions.contains(new EventPatternCondition.Absent()))));
        return new EventPatternBranch(List.copyOf(requirements));
    }

    boolean matches(EventPatternFields event) {
        for (Requirement requirement : requirements) {
            if (!satisfiedAlone(requirement, event)) {
                return false;
            }
        }
        return new Search(event).from(0, UNBOUND);
    }

    /// What failed first; to be asked only when the branch does not match.
    EventPatternExplanation.Miss miss(String who, EventPatternFields event) {
        int satisfied = 0;
        @Nullable Requirement first = null;
        for (Requirement requirement : requirements) {
            if (satisfiedAlone(requirement, event)) {
                satisfied++;
            } else if (first == null) {
                first = requirement;
            }
        }
        if (first != null) {
            return miss(who, first, event, satisfied);
        }
        Search search = new Search(event);
        search.from(0, UNBOUND);
        Requirement stuck = requirements.get(search.deepest);
        boolean inArray = event.at(stuck.path()).stream().anyMatch(f -> f.element() != null);
        return inArray
                ? elements(stuck, event, search.deepest)
                : miss(who, stuck, event, search.deepest);
    }

    private EventPatternExplanation.Miss elements(
            Requirement failed, EventPatternFields event, int satisfied) {
        String words =
                failed.path()
                        + " has a value that would do ("
                        + PatternWords.wants(failed.conditions())
                        + "), but not in the array element that fits "
                        + before(failed, event);
        return new EventPatternExplanation.Miss(
                failed.path(),
                EventPatternCondition.list(failed.conditions()),
                event.at(failed.path()).stream().map(Field::value).toList(),
                satisfied,
                requirements.size(),
                EventPatternExplanation.Reason.ELEMENT,
                words);
    }

    /// The fields before one that are in arrays, too.
    private String before(Requirement failed, EventPatternFields event) {
        return requirements.subList(0, requirements.indexOf(failed)).stream()
                .map(Requirement::path)
                .filter(path -> event.at(path).stream().anyMatch(f -> f.element() != null))
                .collect(Collectors.joining(" and "));
    }

    private EventPatternExplanation.Miss miss(
            String who, Requirement failed, EventPatternFields event, int satisfied) {
        List<Field> actual = event.at(failed.path());
        String words =
                PatternWords.sentence(who, failed.path(), failed.conditions(), actual)
                        + (actual.isEmpty() ? similar(failed.path(), event) : "");
        return new EventPatternExplanation.Miss(
                failed.path(),
                EventPatternCondition.list(failed.conditions()),
                actual.stream().map(Field::value).toList(),
                satisfied,
                requirements.size(),
                PatternWords.why(failed.conditions(), actual).reason(),
                words);
    }

    /// A field that may have been meant by one that is not there; empty when there is none.
    private static String similar(String path, EventPatternFields event) {
        String empty = event.empty(path);
        if (empty != null) {
            return " (the event has " + empty + " there, which counts as missing)";
        }
        List<FieldPath> shown =
                event.paths().stream().filter(other -> other.length() <= SHOWN_MAX).toList();
        if (shown.stream().mapToLong(FieldPath::length).sum() > HINT_CHARS_MAX) {
            return "";
        }
        List<String> others = shown.stream().map(FieldPath::toString).sorted().toList();
        String plain = plain(path);
        for (String other : others) {
            if (plain(other).equals(plain)) {
                return " (the event has " + other + ": names are compared to the letter)";
            }
        }
        for (String other : others) {
            if (other.startsWith(path + ".")) {
                return " (the event has an object there, with " + other + ")";
            }
            if (other.endsWith("." + path) || path.endsWith("." + other)) {
                return " (the event has " + other + ": a pattern nests as the event does)";
            }
        }
        return "";
    }

    private static String plain(String path) {
        return path.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    private static boolean satisfiedAlone(Requirement requirement, EventPatternFields event) {
        if (requirement.absent()) {
            return true; // may depend on the element; the search decides where it matters
        }
        for (Field field : event.at(requirement.path())) {
            if (requirement.accepts(field)) {
                return true;
            }
        }
        return false;
    }

    /// One run over an event.
    private final class Search {
        private final EventPatternFields event;
        private int steps;
        private int deepest;

        Search(EventPatternFields event) {
            this.event = event;
        }

        /// Whether the requirements from `index` on hold, given the array elements in `bound`. What
        /// an element leads to is tried once; all those that add nothing to `bound` count as one.
        boolean from(int index, int[] bound) {
            if (index == requirements.size()) {
                return true;
            }
            deepest = Math.max(deepest, index);
            Requirement requirement = requirements.get(index);
            List<Field> fields = event.at(requirement.path());
            Set<@Nullable ArrayElement> tried = Collections.newSetFromMap(new IdentityHashMap<>());
            boolean present = false;
            for (Field field : fields) {
                ArrayElement element = field.element();
                steps += 1 + bound.length / 2 + (element == null ? 0 : element.depth());
                if (steps > STEPS_MAX) {
                    return false;
                }
                int @Nullable [] merged = merge(bound, field.membership());
                if (merged == null) {
                    continue;
                }
                present = true;
                if (requirement.accepts(field)
                        && tried.add(merged.length == bound.length ? null : element)
                        && from(index + 1, merged)) {
                    return true;
                }
            }
            return !present && requirement.absent() && from(index + 1, bound);
        }
    }

    /// Both bindings together, or null when they bind one array to two elements. Pairs are in order
    /// of the array's number.
    static int @Nullable [] merge(int[] bound, int[] more) {
        if (more.length == 0 || Arrays.equals(bound, more)) {
            return bound;
        }
        if (bound.length == 0) {
            return more;
        }
        int[] merged = new int[bound.length + more.length];
        int size = 0;
        int i = 0;
        int j = 0;
        while (i < bound.length || j < more.length) {
            boolean left = j == more.length || (i < bound.length && bound[i] <= more[j]);
            boolean right = i == bound.length || (j < more.length && more[j] <= bound[i]);
            if (left && right && bound[i + 1] != more[j + 1]) {
                return null;
            }
            merged[size++] = left ? bound[i] : more[j];
            merged[size++] = left ? bound[i + 1] : more[j + 1];
            i += left ? 2 : 0;
            j += right ? 2 : 0;
        }
        return size == merged.length ? merged : Arrays.copyOf(merged, size);
    }
}
