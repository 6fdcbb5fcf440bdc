package io.millrace.service.schemas;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is known of the values that stood at one place of events: their types and, for objects and
/// arrays, what is in them. Immutable; [#merge] is commutative, associative and idempotent, so it
/// does not matter in which order events come, or whether one is seen twice.
///
/// @param types the types that were seen: the sum of this class's constants
/// @param properties of the objects that were seen
/// @param required the properties that all of the objects had
/// @param items what the arrays had; null without arrays
/// @param values of objects whose keys are data; null unless there were too many properties
record EventShape(
        int types,
        Map<String, EventShape> properties,
        Set<String> required,
        @Nullable EventShape items,
        @Nullable EventShape values) {

    static final int NULL = 1;
    static final int BOOLEAN = 2;

    /// A number without fraction or exponent that fits into 64 bits.
    static final int INTEGER = 4;

    /// Any other number; integers are among them.
    static final int NUMBER = 8;

    static final int STRING = 16;

    /// A string that is not a date and time.
    static final int TEXT = 32;

    static final int OBJECT = 64;
    static final int ARRAY = 128;

    /// Nothing was seen.
    static final EventShape NONE = of(0);

    EventShape {
        properties = sorted(properties);
        required = sorted(required);
    }

    private static SortedMap<String, EventShape> sorted(
            @Nullable Map<String, EventShape> properties) {
        return properties == null
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(properties));
    }

    private static SortedSet<String> sorted(@Nullable Set<String> required) {
        return required == null
                ? Collections.emptySortedSet()
                : Collections.unmodifiableSortedSet(new TreeSet<>(required));
    }

    /// Of values that have nothing in them.
    static EventShape of(int types) {
        return new EventShape(types, Map.of(), Set.of(), null, null);
    }

    /// Of one object.
    static EventShape object(Map<String, EventShape> properties) {
        return bounded(OBJECT, properties, properties.keySet(), null, null);
    }

    /// Of one array.
    static EventShape array(EventShape items) {
        return new EventShape(ARRAY, Map.of(), Set.of(), items, null);
    }

    boolean has(int type) {
        return (types & type) != 0;
    }

    /// What is known when both were seen.
    EventShape merge(EventShape other) {
        if (equals(other) || other.types == 0) {
            return this;
        }
        if (types == 0) {
            return other;
        }
        int both = types | other.types;
        if ((both & NUMBER) != 0) {
            both &= ~INTEGER;
        }
        Map<String, EventShape> all = new TreeMap<>(properties);
        other.properties.forEach((name, shape) -> all.merge(name, shape, EventShape::merge));
        return bounded(
                both,
                all,
                requiredByBoth(other),
                either(items, other.items),
                either(values, other.values));
    }

    private Set<String> requiredByBoth(EventShape other) {
        if (!has(OBJECT)) {
            return other.required;
        }
        if (!other.has(OBJECT)) {
            return required;
        }
        Set<String> common = new TreeSet<>(required);
        common.retainAll(other.required);
        return common;
    }

    private static @Nullable EventShape either(@Nullable EventShape a, @Nullable EventShape b) {
        return a == null ? b : b == null ? a : a.merge(b);
    }

    /// Gives up on names where there are too many.
    private static EventShape bounded(
            int types,
            Map<String, EventShape> properties,
            Set<String> required,
            @Nullable EventShape items,
            @Nullable EventShape values) {
        if (values == null && properties.size() <= SchemasLimits.PROPERTIES_MAX) {
            return new EventShape(types, properties, required, items, null);
        }
        EventShape all = values == null ? NONE : values;
        for (EventShape property : properties.values()) {
            all = all.merge(property);
        }
        return new EventShape(types, Map.of(), Set.of(), items, all);
    }
}
