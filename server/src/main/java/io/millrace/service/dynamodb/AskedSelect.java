package io.millrace.service.dynamodb;

import io.millrace.api.Shape;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.BatchExecuteStatementInput;
import io.millrace.api.dynamodb.BatchGetItemInput;
import io.millrace.api.dynamodb.ExecuteStatementInput;
import io.millrace.api.dynamodb.ExecuteTransactionInput;
import io.millrace.api.dynamodb.GetItemInput;
import io.millrace.api.dynamodb.QueryInput;
import io.millrace.api.dynamodb.ScanInput;
import io.millrace.api.dynamodb.TransactGetItem;
import io.millrace.api.dynamodb.TransactGetItemsInput;
import io.millrace.service.dynamodb.partiql.Statement;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `dynamodb:Select` as policies see it: what a read asks for, by its default too, so that whoever
/// may have only `SPECIFIC_ATTRIBUTES` has to name them. Source: [access to specific
/// attributes](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_dynamodb_attributes.html),
/// and the defaults of
/// [Query](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html).
final class AskedSelect {
    private static final String SPECIFIC = "SPECIFIC_ATTRIBUTES";
    private static final String ALL = "ALL_ATTRIBUTES";
    private static final String PROJECTED = "ALL_PROJECTED_ATTRIBUTES";

    private AskedSelect() {}

    /// Null for what reads no items.
    static @Nullable String of(Shape input, String tableName) {
        return switch (input) {
            case GetItemInput get -> of(names(get.projectionExpression(), get.attributesToGet()));
            case QueryInput query ->
                    of(
                            query.select(),
                            names(query.projectionExpression(), query.attributesToGet()),
                            query.indexName());
            case ScanInput scan ->
                    of(
                            scan.select(),
                            names(scan.projectionExpression(), scan.attributesToGet()),
                            scan.indexName());
            case BatchGetItemInput batch ->
                    all(
                            batch.requestItems().entrySet().stream()
                                    .filter(each -> AskedItems.isTable(each.getKey(), tableName))
                                    .map(Map.Entry::getValue)
                                    .map(keys ->
                                            names(
                                                    keys.projectionExpression(),
                                                    keys.attributesToGet())));
            case TransactGetItemsInput all ->
                    all(
                            all.transactItems().stream()
                                    .map(TransactGetItem::get)
                                    .filter(get ->
                                            get != null
                                                    && AskedItems.isTable(
                                                            get.tableName(), tableName))
                                    .map(get -> get.projectionExpression() != null));
            case ExecuteStatementInput one ->
                    ofStatements(Stream.of(read(one.statement(), one.parameters())), tableName);
            case BatchExecuteStatementInput many ->
                    ofStatements(
                            many.statements().stream()
                                    .map(one -> read(one.statement(), one.parameters())),
                            tableName);
            case ExecuteTransactionInput many ->
                    ofStatements(
                            many.transactStatements().stream()
                                    .map(one -> read(one.statement(), one.parameters())),
                            tableName);
            default -> null;
        };
    }

    /// Empty when it is none, as the operation will say.
    private static Optional<Statement> read(
            String statement, @Nullable List<AttributeValue> parameters) {
        try {
            return Optional.of(Statement.of(statement, parameters));
        } catch (ServiceException _) {
            return Optional.empty();
        }
    }

    private static @Nullable String ofStatements(
            Stream<Optional<Statement>> statements, String tableName) {
        List<Statement.Select> selects =
                statements
                        .flatMap(Optional::stream)
                        .flatMap(AskedSelect::select)
                        .filter(each -> AskedItems.isTable(each.source().table(), tableName))
                        .toList();
        return selects.isEmpty()
                ? null
                : all(selects.stream().map(each -> each.projection() != null));
    }

    private static Stream<Statement.Select> select(Statement statement) {
        return switch (statement) {
            case Statement.Select select -> Stream.of(select);
            case Statement.Exists(Statement.Select select) -> Stream.of(select);
            case Statement.Insert _, Statement.Update _, Statement.Delete _ -> Stream.empty();
        };
    }

    private static boolean names(@Nullable String projection, @Nullable List<String> attributes) {
        return projection != null || (attributes != null && !attributes.isEmpty());
    }

    private static String of(boolean names) {
        return names ? SPECIFIC : ALL;
    }

    private static String all(Stream<Boolean> names) {
        return of(names.allMatch(each -> each));
    }

    private static String of(@Nullable String select, boolean names, @Nullable String index) {
        if (select != null) {
            return select;
        }
        return names || index == null ? of(names) : PROJECTED;
    }
}
