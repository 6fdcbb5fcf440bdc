package io.millrace.pattern;

import org.jspecify.annotations.Nullable;

/// An element of an array in an event, and those that it is in. Shared by all leaves in it.
///
/// @param outer the element that the array is in, if any
/// @param array the array's number in the event; that of an outer one is smaller
/// @param depth how many elements this is, the outer ones included
record ArrayElement(@Nullable ArrayElement outer, int array, int index, int depth) {

    /// An element of an array that stands in `outer`.
    static ArrayElement in(@Nullable ArrayElement outer, int array, int index) {
        return new ArrayElement(outer, array, index, outer == null ? 1 : outer.depth + 1);
    }
}
