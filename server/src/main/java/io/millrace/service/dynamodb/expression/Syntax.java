package io.millrace.service.dynamodb.expression;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// An expression as it is written, before its names and values are known. Immutable; cached.
sealed interface Syntax {

    /// A document path; its first step is a `NameStep`.
    record Path(List<Step> steps) implements Syntax {}

    sealed interface Step {}

    /// Into a map.
    ///
    /// @param name a name, or with its `#` a placeholder for one
    record NameStep(String name) implements Step {
        boolean isPlaceholder() {
            return name.charAt(0) == '#';
        }
    }

    /// Into a list.
    ///
    /// @param digits not yet known to be an int
    record IndexStep(String digits) implements Step {}

    /// A value of the request.
    ///
    /// @param placeholder with its `:`
    record Value(String placeholder) implements Syntax {}

    record Call(String function, List<Syntax> operands) implements Syntax {}

    record Group(Syntax inner) implements Syntax {}

    record Comparison(Comparator comparator, Syntax left, Syntax right) implements Syntax {}

    record Between(Syntax value, Syntax low, Syntax high) implements Syntax {}

    record In(Syntax value, List<Syntax> candidates) implements Syntax {}

    record And(Syntax left, Syntax right) implements Syntax {}

    record Or(Syntax left, Syntax right) implements Syntax {}

    record Not(Syntax inner) implements Syntax {}

    /// `left + right`, or `left - right`.
    record Arithmetic(boolean plus, Syntax left, Syntax right) implements Syntax {}

    /// A section of an update: `SET a = :a, b = :b`.
    record Section(Verb verb, List<Action> actions) {}

    enum Verb {
        SET,
        REMOVE,
        ADD,
        DELETE
    }

    /// What happens at a path.
    ///
    /// @param value null for `REMOVE`
    record Action(Path path, @Nullable Syntax value) {}

    /// What stands in the innermost parentheses.
    static Syntax ungrouped(Syntax syntax) {
        Syntax inner = syntax;
        while (inner instanceof Group(Syntax grouped)) { // ends: syntax is finite
            inner = grouped;
        }
        return inner;
    }
}
