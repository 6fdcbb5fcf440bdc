package io.millrace.pattern;

import java.util.List;

/// Why a pattern did not match an event.
///
/// @param misses one for each alternative that `$or` makes, the nearest first; empty on a match
public record EventPatternExplanation(boolean matched, List<Miss> misses) {

    /// The first field that failed.
    ///
    /// @param path the field, as `detail.amount`
    /// @param expected what the pattern asks of it, as JSON
    /// @param actual the values that the event has there, as JSON; empty when it has none
    /// @param satisfied how many of the pattern's fields were satisfied
    /// @param elements true when each field by itself is satisfied, but by different elements of an
    ///   array; `path` is then the first that cannot go with those before it
    public record Miss(
            String path, String expected, List<String> actual, int satisfied, boolean elements) {

        /// In words.
        @Override
        public String toString() {
            if (elements) {
                return path
                        + " has a value in "
                        + expected
                        + ", but not in the same array element as the fields before it";
            }
            if (actual.isEmpty()) {
                return path + " should be in " + expected + ", but the event has no such field";
            }
            return path + " should be in " + expected + ", but is " + String.join(", ", actual);
        }
    }
}
