package io.millrace.pattern;

import java.util.List;

/// Why a pattern did not match an event.
///
/// @param misses one for each alternative that `$or` makes, the nearest first; empty on a match
public record EventPatternExplanation(boolean matched, List<Miss> misses) {

    /// Why a field failed.
    public enum Reason {
        /// The event has no such field.
        MISSING,
        /// The event has the field, and should not.
        PRESENT,
        /// The value would do, were it of another type: the string `"5"` is not the number 5.
        TYPE,
        /// The value would do, were it in the other case.
        CASE,
        /// The value is another.
        VALUE,
        /// Each field by itself is satisfied, but by different elements of an array; the field is
        /// then the first that cannot go with those before it.
        ELEMENT,
        /// There is more in the event's arrays than is looked at.
        LIMIT
    }

    /// The first field that failed.
    ///
    /// @param path the field, as `detail.amount`
    /// @param expected what the pattern asks of it, as JSON
    /// @param actual the values that the event has there, as JSON; empty when it has none
    /// @param satisfied how many of the pattern's fields were satisfied
    /// @param fieldCount of how many
    /// @param words all of it in words, as `detail.amount is 40; the rule wants numeric > 100`
    public record Miss(
            String path,
            String expected,
            List<String> actual,
            int satisfied,
            int fieldCount,
            Reason reason,
            String words) {

        /// How many fields fail: 1 is a near miss.
        public int failedCount() {
            return fieldCount - satisfied;
        }
    }
}
