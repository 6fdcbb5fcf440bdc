package io.millrace.service.dynamodb.partiql;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.expression.Condition;
import io.millrace.service.dynamodb.expression.ProjectionExpression;
import io.millrace.service.dynamodb.expression.UpdateExpression;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A statement with its parameters, checked as far as that goes without its table. Immutable.
/// Source: [PartiQL for
/// DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html).
public sealed interface Statement {

    /// Reads items.
    ///
    /// @param projection null for `*`
    /// @param where null for all
    record Select(
            Source source,
            @Nullable ProjectionExpression projection,
            @Nullable Condition where,
            List<Order> order)
            implements Statement {}

    /// Puts an item where there is none.
    ///
    /// @param item in normal form
    record Insert(Source source, Map<String, AttributeValue> item) implements Statement {}

    /// Changes attributes of an item that is there.
    record Update(
            Source source,
            UpdateExpression update,
            @Nullable Condition where,
            @Nullable Returning returning)
            implements Statement {}

    /// Removes an item.
    ///
    /// @param returning `ALL_OLD` or null
    record Delete(Source source, @Nullable Condition where, @Nullable Returning returning)
            implements Statement {}

    /// A check of the item that the query reads.
    record Exists(Select select) implements Statement {

        @Override
        public Source source() {
            return select.source();
        }
    }

    /// What a statement is about.
    ///
    /// @param table a name or an ARN, as it is written
    /// @param index null for the table itself
    record Source(String table, @Nullable String index) {}

    /// A term of `ORDER BY`.
    ///
    /// @param attribute what it names
    record Order(String attribute, boolean descending) {}

    /// What a statement reads, as far as its text tells that without parameters.
    ///
    /// @param projected whether it names attributes
    /// @param checks whether it only checks an item
    record Reading(Source source, boolean projected, boolean checks) {}

    /// What `RETURNING` asks for.
    enum Returning {
        ALL_OLD,
        ALL_NEW,
        MODIFIED_OLD,
        MODIFIED_NEW;

        /// As the statement says it.
        String text() {
            return name().replace('_', ' ') + " *";
        }
    }

    /// Checks the parameters alone, which AWS does before it looks at a statement.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static void checkParameters(@Nullable List<AttributeValue> parameters) {
        Parameters.of(parameters);
    }

    /// Reads a statement.
    ///
    /// @param parameters of the request
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static Statement of(String text, @Nullable List<AttributeValue> parameters) {
        Parameters normal = Parameters.of(parameters);
        StatementParser parser = new StatementParser(text);
        Syntax syntax = parser.statement();
        normal.checkCount(parser.parameterCount());
        return new StatementBinder(normal).bind(syntax);
    }

    /// What a statement reads; empty for what only writes, and for what is no statement.
    static Optional<Reading> reading(String text) {
        try {
            return switch (new StatementParser(text).statement()) {
                case Syntax.Select select -> Optional.of(reading(select, false));
                case Syntax.Exists(Syntax.Select select) -> Optional.of(reading(select, true));
                case Syntax.Insert _, Syntax.Update _, Syntax.Delete _ -> Optional.empty();
            };
        } catch (ServiceException _) { // the operation refuses it in its own words
            return Optional.empty();
        }
    }

    private static Reading reading(Syntax.Select select, boolean checks) {
        return new Reading(select.source(), !select.columns().isEmpty(), checks);
    }

    Source source();

    /// Whether it only reads; a check of an item counts as a write.
    default boolean isRead() {
        return this instanceof Select;
    }
}
