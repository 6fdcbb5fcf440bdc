package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.CreateTableInput;
import io.millrace.api.dynamodb.CreateTableOutput;
import io.millrace.api.dynamodb.GlobalSecondaryIndex;
import io.millrace.api.dynamodb.StreamSpecification;
import io.millrace.api.dynamodb.Tag;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.policy.Policy;
import io.millrace.secret.CustomerKeys;
import io.millrace.service.dynamodb.Table.Schema;
import io.millrace.service.dynamodb.Table.Settings;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// `CreateTable`: makes an empty table, usable when it returns.
///
/// Errors: `ResourceInUseException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html).
final class CreateTable implements Operation<CreateTableInput, CreateTableOutput> {
    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final CustomerKeys keys;

    CreateTable(Store store, InstantSource clock, Ids ids, CustomerKeys keys) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.keys = keys;
    }

    @Override
    public CreateTableOutput handle(Caller caller, CreateTableInput request) {
        TableName name = TableName.of(caller, request.tableName());
        Instant now = clock.instant();
        Table table = table(caller, name, request, now, ids);
        long streamNumber = ids.number();
        String policyText = request.resourcePolicy();
        Policy policy =
                policyText == null ? null : PolicyRules.check(policyText, PolicyTarget.of(table));
        Extras extras = new Extras(request.streamSpecification(), streamNumber, policy);
        Table created =
                store.write(tx -> {
                    Features features = table.features();
                    Encryption encryption =
                            Encryption.resolved(tx, keys, caller, name, features.encryption());
                    return create(tx, name, table.with(features.with(encryption)), extras);
                });
        return new CreateTableOutput(TableDescriptions.creating(created, now));
    }

    /// The table that a request asks for.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static Table table(
            Caller caller, TableName name, CreateTableInput request, Instant now, Ids ids) {
        refuseUnimplemented(request);
        Settings settings = Billing.settings(request, now);
        Schema schema = SchemaRules.check(request, ids);
        List<VectorIndex> vectorIndexes =
                VectorIndexRules.ofNewTable(
                        request.vectorIndexes(), schema, settings.payPerRequest(), ids);
        TableStreaming.check(request.streamSpecification());
        Encryption.check(request.sseSpecification());
        List<Tag> tags = request.tags();
        Table plain =
                new Table(
                        name.accountId(),
                        name.region(),
                        name.name(),
                        ids.uuid(),
                        ids.number(),
                        now.toEpochMilli(),
                        schema,
                        settings,
                        null,
                        tags == null ? Map.of() : TableTags.merged(Map.of(), tags),
                        Features.NONE
                                .withVectorIndexes(vectorIndexes)
                                .with(Encryption.of(caller, name, request.sseSpecification())));
        return warm(plain, request);
    }

    private static Table warm(Table plain, CreateTableInput request) {
        Table table = WarmThroughput.create(plain, null, request.warmThroughput());
        if (request.globalSecondaryIndexes() != null) {
            for (GlobalSecondaryIndex asked : request.globalSecondaryIndexes()) {
                table =
                        WarmThroughput.create(
                                table, table.index(asked.indexName()), asked.warmThroughput());
            }
        }
        return table;
    }

    /// What a new table has beside its record.
    private record Extras(
            @Nullable StreamSpecification stream, long streamNumber, @Nullable Policy policy) {}

    private static Table create(Transaction tx, TableName name, Table table, Extras extras) {
        StreamSpecification stream = extras.stream();
        if (Tables.find(tx, name) != null) {
            throw DynamoDbErrors.tableExists(name.name());
        }
        Instant now = Instant.ofEpochMilli(table.createdMillis());
        Table created =
                stream != null && stream.streamEnabled()
                        ? TableStreaming.enable(tx, table, stream, extras.streamNumber(), now)
                        : table;
        if (extras.policy() != null) {
            created = ResourcePolicies.create(tx, created, extras.policy());
        }
        Tables.put(tx, created);
        return created;
    }

    private static void refuseUnimplemented(CreateTableInput request) {
        if (request.globalTableSourceArn() != null
                || request.globalTableSettingsReplicationMode() != null) {
            throw DynamoDbErrors.notImplemented("GlobalTableSourceArn");
        }
    }
}
