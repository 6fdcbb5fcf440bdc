package io.millrace.service.dynamodb.partiql;

import io.millrace.service.dynamodb.partiql.Statement.Order;
import io.millrace.service.dynamodb.partiql.Statement.Returning;
import io.millrace.service.dynamodb.partiql.Statement.Source;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A statement as it is written, before its parameters are known. Immutable.
sealed interface Syntax {

    /// `SELECT`
    ///
    /// @param columns empty for `*`
    record Select(List<Term.Path> columns, Source source, @Nullable Term where, List<Order> order)
            implements Syntax {}

    record Insert(Source source, Term value) implements Syntax {}

    record Update(
            Source source,
            List<Action> actions,
            @Nullable Term where,
            @Nullable Returning returning)
            implements Syntax {}

    record Delete(Source source, @Nullable Term where, @Nullable Returning returning)
            implements Syntax {}

    /// `EXISTS(SELECT …)` as a statement.
    record Exists(Select select) implements Syntax {}

    /// What an update does at a path.
    ///
    /// @param value null to remove
    record Action(Term.Path path, @Nullable Term value) {}
}
