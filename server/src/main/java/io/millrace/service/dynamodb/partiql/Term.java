package io.millrace.service.dynamodb.partiql;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.expression.DocumentPath;

import java.util.List;

/// A term of a statement as it is written, before its parameters are known. Immutable.
sealed interface Term {

    /// Of its first token.
    Position position();

    /// A document path.
    record Path(DocumentPath path, Position position) implements Term {}

    /// A string, a number, a boolean or `NULL`.
    record Literal(AttributeValue value, Position position) implements Term {}

    /// `MISSING`
    record Missing(Position position) implements Term {}

    /// A literal of Ion, in backticks.
    record Ion(String text, Position position) implements Term {}

    /// `?`
    ///
    /// @param index from 0
    record Parameter(int index, Position position) implements Term {}

    /// `[1, 2]`, or `(1, 2)`
    record Sequence(List<Term> elements, Position position) implements Term {}

    /// `<<1, 2>>`
    record Bag(List<Term> elements, Position position) implements Term {}

    /// `{'a': 1}`
    record Struct(List<Field> fields, Position position) implements Term {}

    record Field(Term name, Term value) {}

    /// `function(operands)`
    ///
    /// @param function in lower case
    record Call(String function, List<Term> operands, Position position) implements Term {}

    /// One of `+ - * / % || = <> < <= > >= and or not in between like`, the last ones negated by a
    /// `not` around them.
    record Operation(String operator, List<Term> operands, Position position) implements Term {}

    /// `value IS type`
    ///
    /// @param type in upper case
    record Is(Term value, String type, Position position) implements Term {}

    /// A statement in parentheses.
    record Subquery(Syntax.Select select, Position position) implements Term {}

    /// `*`, in the operands of a function or in a list of what is selected.
    record Star(Position position) implements Term {}

    /// What messages call it.
    default String kind() {
        return switch (this) {
            case Path(DocumentPath path, _) -> path.isNested() ? "Path" : "VariableReference";
            case Literal _ -> "Literal";
            case Missing _ -> "LiteralMissing";
            case Ion _ -> "Literal";
            case Parameter _ -> "Parameter";
            case Sequence _, Bag _ -> "Seq";
            case Struct _ -> "Struct";
            case Call _, Operation _ -> "NAry";
            case Is _ -> "Typed";
            case Subquery _ -> "Select";
            case Star _ -> "VariableReference";
        };
    }
}
