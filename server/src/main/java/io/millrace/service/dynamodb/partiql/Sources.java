package io.millrace.service.dynamodb.partiql;

import io.millrace.service.dynamodb.expression.DocumentPath;
import io.millrace.service.dynamodb.partiql.Statement.Source;

import java.util.regex.Pattern;

/// What the path of a statement's table may be.
final class Sources {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]*");

    private Sources() {}

    /// Of a query: a table, or a table and an index.
    static Source of(Term.Path path) {
        for (DocumentPath.Step step : path.path().steps()) {
            if (step instanceof DocumentPath.Index) {
                throw PartiqlErrors.of("Invalid list expression in source.");
            }
        }
        int count = path.path().steps().size();
        if (count > 2) {
            throw PartiqlErrors.of("A path may contain at most 2 components in the FROM clause");
        }
        String table = path.path().attribute();
        checkName(table);
        return new Source(table, count == 1 ? null : path.path().steps().getLast().toString());
    }

    static Source ofInsert(Term.Path path) {
        Source source = of(path);
        if (source.index() != null) {
            throw PartiqlErrors.of("FROM clause may only contain a single table name");
        }
        return source;
    }

    /// Of an update or a delete.
    static Source ofChange(Term.Path path) {
        Source source = of(path);
        if (source.index() != null) {
            throw PartiqlErrors.of("This operation is not supported on an index");
        }
        return source;
    }

    private static void checkName(String table) {
        boolean valid =
                table.startsWith("arn:")
                        || (table.length() >= PartiqlLimits.TABLE_NAME_LENGTH_MIN
                                && table.length() <= PartiqlLimits.TABLE_NAME_LENGTH_MAX
                                && NAME.matcher(table).matches());
        if (!valid) {
            throw PartiqlErrors.of(
                    "Table name should be within the length [3, 255] and only contain 'a-z',"
                            + " 'A-Z', '0-9', '-', '_', '.'.");
        }
    }
}
