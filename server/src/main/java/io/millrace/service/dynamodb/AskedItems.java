package io.millrace.service.dynamodb;

import io.millrace.api.Shape;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.BatchExecuteStatementInput;
import io.millrace.api.dynamodb.BatchGetItemInput;
import io.millrace.api.dynamodb.BatchWriteItemInput;
import io.millrace.api.dynamodb.DeleteItemInput;
import io.millrace.api.dynamodb.ExecuteStatementInput;
import io.millrace.api.dynamodb.ExecuteTransactionInput;
import io.millrace.api.dynamodb.GetItemInput;
import io.millrace.api.dynamodb.KeysAndAttributes;
import io.millrace.api.dynamodb.PutItemInput;
import io.millrace.api.dynamodb.QueryInput;
import io.millrace.api.dynamodb.ScanInput;
import io.millrace.api.dynamodb.SearchVectorsInput;
import io.millrace.api.dynamodb.TransactGetItem;
import io.millrace.api.dynamodb.TransactGetItemsInput;
import io.millrace.api.dynamodb.TransactWriteItem;
import io.millrace.api.dynamodb.TransactWriteItemsInput;
import io.millrace.api.dynamodb.UpdateItemInput;
import io.millrace.api.dynamodb.WriteRequest;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// For which partition keys and which attributes of a table a request asks, as policies see it.
///
/// What cannot be told, as the keys of a statement, is [#UNTOLD], which no policy names: who may
/// have only some keys may not have these.
record AskedItems(List<String> leadingKeys, List<String> attributes) {

    /// Stands for a value that nobody can tell.
    static final String UNTOLD = "\u0000";

    /// Collects what a request names.
    private static final class Collected {
        private final String hash;
        private final Set<String> leadingKeys = new LinkedHashSet<>();
        private final Set<String> attributes = new LinkedHashSet<>();

        private Collected(String hash) {
            this.hash = hash;
        }

        private void item(Map<String, AttributeValue> item) {
            attributes.addAll(item.keySet());
            AttributeValue value = item.get(hash);
            if (value != null) {
                leadingKeys.add(text(value));
            }
        }

        private void expressions(
                @Nullable Map<String, String> names, @Nullable String... expressions) {
            for (String expression : expressions) {
                if (expression != null) {
                    attributes.addAll(AskedAttributes.of(expression, names));
                }
            }
        }

        private void names(@Nullable List<String> paths) {
            if (paths != null) {
                paths.forEach(path -> attributes.addAll(AskedAttributes.of(path, null)));
            }
        }

        private void untold() {
            leadingKeys.add(UNTOLD);
            attributes.add(UNTOLD);
        }
    }

    static AskedItems of(Shape input, String tableName, Table table) {
        Collected found = new Collected(table.key().hash().name());
        switch (input) {
            case GetItemInput get -> {
                found.item(get.key());
                found.names(get.attributesToGet());
                found.expressions(get.expressionAttributeNames(), get.projectionExpression());
            }
            case PutItemInput put -> {
                found.item(put.item());
                found.expressions(put.expressionAttributeNames(), put.conditionExpression());
                keys(found, put.expected());
            }
            case DeleteItemInput delete -> {
                found.item(delete.key());
                found.expressions(delete.expressionAttributeNames(), delete.conditionExpression());
                keys(found, delete.expected());
            }
            case UpdateItemInput update -> {
                found.item(update.key());
                found.expressions(
                        update.expressionAttributeNames(),
                        update.updateExpression(),
                        update.conditionExpression());
                keys(found, update.expected());
                keys(found, update.attributeUpdates());
            }
            case QueryInput query -> query(found, query, table);
            case ScanInput scan -> {
                found.names(scan.attributesToGet());
                found.expressions(
                        scan.expressionAttributeNames(),
                        scan.projectionExpression(),
                        scan.filterExpression());
                keys(found, scan.scanFilter());
                found.leadingKeys.add(UNTOLD); // all of them
            }
            case BatchGetItemInput batch ->
                    batch.requestItems()
                            .forEach((name, keys) -> {
                                if (isTable(name, tableName)) {
                                    batch(found, keys);
                                }
                            });
            case BatchWriteItemInput batch ->
                    batch.requestItems()
                            .forEach((name, writes) -> {
                                if (isTable(name, tableName)) {
                                    writes.forEach(write -> write(found, write));
                                }
                            });
            case TransactGetItemsInput all ->
                    all.transactItems().stream()
                            .map(TransactGetItem::get)
                            .filter(get -> get != null && isTable(get.tableName(), tableName))
                            .forEach(get -> {
                                found.item(get.key());
                                found.expressions(
                                        get.expressionAttributeNames(), get.projectionExpression());
                            });
            case TransactWriteItemsInput all ->
                    all.transactItems().forEach(item -> transacted(found, item, tableName));
            case ExecuteStatementInput _,
                    ExecuteTransactionInput _,
                    BatchExecuteStatementInput _,
                    SearchVectorsInput _ ->
                    found.untold();
            default -> {}
        }
        return new AskedItems(List.copyOf(found.leadingKeys), List.copyOf(found.attributes));
    }

    private static void keys(Collected found, @Nullable Map<String, ?> byName) {
        if (byName != null) {
            found.attributes.addAll(byName.keySet());
        }
    }

    static boolean isTable(String nameOrArn, String tableName) {
        return nameOrArn.equals(tableName) || nameOrArn.endsWith(":table/" + tableName);
    }

    private static void batch(Collected found, KeysAndAttributes asked) {
        asked.keys().forEach(found::item);
        found.names(asked.attributesToGet());
        found.expressions(asked.expressionAttributeNames(), asked.projectionExpression());
    }

    private static void write(Collected found, WriteRequest write) {
        if (write.putRequest() != null) {
            found.item(write.putRequest().item());
        }
        if (write.deleteRequest() != null) {
            found.item(write.deleteRequest().key());
        }
    }

    private static void transacted(Collected found, TransactWriteItem item, String table) {
        if (item.put() != null && isTable(item.put().tableName(), table)) {
            found.item(item.put().item());
            found.expressions(
                    item.put().expressionAttributeNames(), item.put().conditionExpression());
        }
        if (item.delete() != null && isTable(item.delete().tableName(), table)) {
            found.item(item.delete().key());
            found.expressions(
                    item.delete().expressionAttributeNames(), item.delete().conditionExpression());
        }
        if (item.update() != null && isTable(item.update().tableName(), table)) {
            found.item(item.update().key());
            found.expressions(
                    item.update().expressionAttributeNames(),
                    item.update().updateExpression(),
                    item.update().conditionExpression());
        }
        if (item.conditionCheck() != null && isTable(item.conditionCheck().tableName(), table)) {
            found.item(item.conditionCheck().key());
            found.expressions(
                    item.conditionCheck().expressionAttributeNames(),
                    item.conditionCheck().conditionExpression());
        }
    }

    private static void query(Collected found, QueryInput query, Table table) {
        found.names(query.attributesToGet());
        found.expressions(
                query.expressionAttributeNames(),
                query.projectionExpression(),
                query.filterExpression(),
                query.keyConditionExpression());
        keys(found, query.keyConditions());
        keys(found, query.queryFilter());
        Index index = query.indexName() == null ? null : table.index(query.indexName());
        try {
            for (AttributeValue value :
                    Query.partition(query, index == null ? table.key() : index.key())) {
                found.leadingKeys.add(text(value));
            }
        } catch (ServiceException _) { // the operation refuses it in its own words
            found.leadingKeys.add(UNTOLD);
        }
    }

    private static String text(AttributeValue value) {
        return switch (value) {
            case AttributeValue.S(String text) -> text;
            case AttributeValue.N(String number) -> number;
            case AttributeValue.B(byte[] bytes) -> Base64.getEncoder().encodeToString(bytes);
            default -> UNTOLD;
        };
    }
}
