package io.millrace.service.dynamodb.partiql;

import io.millrace.service.dynamodb.expression.Condition;
import io.millrace.service.dynamodb.expression.DocumentPath;
import io.millrace.service.dynamodb.expression.ProjectionExpression;
import io.millrace.service.dynamodb.partiql.Statement.Returning;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Puts a request's parameters into a statement, and checks it as far as that goes without its
/// table.
final class StatementBinder {

    private final ValueBinder values;

    StatementBinder(Parameters parameters) {
        this.values = new ValueBinder(parameters);
    }

    /// @throws io.millrace.wire.ServiceException `ValidationException`
    Statement bind(Syntax syntax) {
        return switch (syntax) {
            case Syntax.Select select -> select(select);
            case Syntax.Exists(Syntax.Select select) -> new Statement.Exists(select(select));
            case Syntax.Insert(Statement.Source source, Term value) -> {
                if (!(value instanceof Term.Struct struct)) {
                    throw PartiqlErrors.of(
                            "Unsupported format in item expression. Please use struct format {...}"
                                    + " to express item values for insert statement.");
                }
                yield new Statement.Insert(source, values.item(struct));
            }
            case Syntax.Update update ->
                    new Statement.Update(
                            update.source(),
                            new UpdateBinder(values).bind(update.actions()),
                            where(update.where()),
                            update.returning());
            case Syntax.Delete(Statement.Source source, Term where, Returning returning) -> {
                if (returning != null && returning != Returning.ALL_OLD) {
                    throw PartiqlErrors.of(
                            "Invalid returning clause: RETURNING "
                                    + returning.text()
                                    + ". Only RETURNING ALL OLD * is allowed in DELETE"
                                    + " statements.");
                }
                yield new Statement.Delete(source, where(where), returning);
            }
        };
    }

    private Statement.Select select(Syntax.Select select) {
        ProjectionExpression projection =
                select.columns().isEmpty() ? null : projection(select.columns());
        return new Statement.Select(
                select.source(), projection, where(select.where()), select.order());
    }

    private static ProjectionExpression projection(List<Term.Path> paths) {
        List<DocumentPath> selected = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (Term.Path path : paths) {
            String name = column(path.path());
            if (!names.add(name)) {
                throw PartiqlErrors.of("Duplicate identifiers in select clause: " + name);
            }
            selected.add(path.path());
        }
        return ProjectionExpression.ofColumns(selected, List.copyOf(names));
    }

    /// The last name of a path, with what indexes follow it.
    private static String column(DocumentPath path) {
        String column = "";
        for (DocumentPath.Step step : path.steps()) {
            column = step instanceof DocumentPath.Name(String name) ? name : column + step;
        }
        return column;
    }

    private @Nullable Condition where(@Nullable Term where) {
        return where == null ? null : new WhereBinder(values).bind(where);
    }
}
