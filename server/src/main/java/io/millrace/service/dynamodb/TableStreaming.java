package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.StreamSpecification;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Table.StreamState;
import io.millrace.stream.TableStream;
import io.millrace.stream.TableStream.KeyPart;
import io.millrace.stream.TableStreams;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// A table's stream, switched on and off.
final class TableStreaming {
    private TableStreaming() {}

    static void check(@Nullable StreamSpecification asked) {
        if (asked == null) {
            return;
        }
        if (asked.streamEnabled() && asked.streamViewType() == null) {
            throw DynamoDbErrors.invalid(
                    "If stream is being enabled then UpdateViewType is required");
        }
        if (!asked.streamEnabled() && asked.streamViewType() != null) {
            throw DynamoDbErrors.invalid(
                    "If stream is being disabled, then UpdateViewType must not be specified");
        }
    }

    /// What UpdateTable does to the stream.
    static Table update(
            Transaction tx, Table table, StreamSpecification asked, long number, Instant now) {
        if (asked.streamEnabled()) {
            if (table.streaming()) {
                throw DynamoDbErrors.validation(
                        "Table already has an enabled stream: TableName: " + table.name());
            }
            return enable(tx, table, asked, number, now);
        }
        if (table.features().replication() != null) {
            throw DynamoDbErrors.invalid(
                    "Disabling Stream is not allowed for a Global Table replica.");
        }
        if (!table.streaming()) {
            throw DynamoDbErrors.validation(
                    "Table has no stream to disable: TableName: " + table.name());
        }
        return disable(tx, table, now);
    }

    static Table enable(
            Transaction tx, Table table, StreamSpecification asked, long number, Instant now) {
        String viewType = String.valueOf(asked.streamViewType());
        List<KeyPart> keySchema =
                TableDescriptions.keySchema(table.key()).stream()
                        .map(element -> new KeyPart(element.attributeName(), element.keyType()))
                        .toList();
        TableName name = new TableName(table.accountId(), table.region(), table.name());
        TableStream stream =
                TableStreams.enable(tx, name.arn(), table.name(), viewType, keySchema, number, now);
        return table.with(new StreamState(true, stream.label(), viewType, number, List.of()));
    }

    /// Ends the stream, if there is one; what it holds stays readable for a day.
    static Table disable(Transaction tx, Table table, Instant now) {
        StreamState state = table.stream();
        if (state == null || !state.enabled()) {
            return table;
        }
        TableStream stream =
                TableStreams.find(
                        tx, table.accountId(), table.region(), table.name(), state.label());
        if (stream != null) {
            TableStreams.disable(tx, stream, now);
        }
        return table.with(
                new StreamState(false, state.label(), state.viewType(), state.number(), List.of()));
    }
}
