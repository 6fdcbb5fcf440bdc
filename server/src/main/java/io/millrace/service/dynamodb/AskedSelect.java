package io.millrace.service.dynamodb;

import io.millrace.api.Shape;
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

    /// A statement of a request.
    ///
    /// @param onFailure its `ReturnValuesOnConditionCheckFailure`
    private record Entry(String statement, @Nullable String onFailure) {

        boolean tellsItem() {
            return "ALL_OLD".equals(onFailure);
        }
    }

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
                    ofStatements(Stream.of(new Entry(one.statement(), null)), tableName);
            case BatchExecuteStatementInput many ->
                    ofStatements(
                            many.statements().stream().map(one -> new Entry(one.statement(), null)),
                            tableName);
            case ExecuteTransactionInput many ->
                    ofStatements(
                            many.transactStatements().stream()
                                    .map(one ->
                                            new Entry(
                                                    one.statement(),
                                                    one.returnValuesOnConditionCheckFailure())),
                            tableName);
            default -> null;
        };
    }

    private static @Nullable String ofStatements(Stream<Entry> entries, String tableName) {
        List<Boolean> names =
                entries.filter(each -> each.statement.contains(tableName)) // most need no parser
                        .map(each -> names(each, tableName))
                        .flatMap(Optional::stream)
                        .toList();
        return names.isEmpty() ? null : all(names.stream());
    }

    /// A check reads nothing that it tells, unless a failed one tells the whole item.
    private static Optional<Boolean> names(Entry entry, String tableName) {
        return Statement.reading(entry.statement)
                .filter(each -> AskedItems.isTable(each.source().table(), tableName))
                .filter(each -> !each.checks() || entry.tellsItem())
                .map(each -> each.projected() && !each.checks());
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
