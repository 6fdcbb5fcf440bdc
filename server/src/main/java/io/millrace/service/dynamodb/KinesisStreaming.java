package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DescribeKinesisStreamingDestinationInput;
import io.millrace.api.dynamodb.DescribeKinesisStreamingDestinationOutput;
import io.millrace.api.dynamodb.EnableKinesisStreamingConfiguration;
import io.millrace.api.dynamodb.KinesisStreamingDestinationInput;
import io.millrace.api.dynamodb.KinesisStreamingDestinationOutput;
import io.millrace.api.dynamodb.UpdateKinesisStreamingConfiguration;
import io.millrace.api.dynamodb.UpdateKinesisStreamingDestinationInput;
import io.millrace.api.dynamodb.UpdateKinesisStreamingDestinationOutput;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import java.util.ArrayList;
import java.util.List;

/// `EnableKinesisStreamingDestination` and its siblings.
///
/// There are no Kinesis streams here, so enabling one ends as at AWS for a stream that does not
/// exist: the answer says `ENABLING`, and the destination is found `ENABLE_FAILED` with the reason.
/// Nothing is ever `ACTIVE`, hence nothing can be disabled or updated. Errors:
/// `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html).
final class KinesisStreaming {
    private static final int DESTINATIONS_MAX = 20;
    private static final String INVALID_STATE =
            "Table is not in a valid state to enable Kinesis Streaming Destination: ";
    private static final String NO_STREAM =
            "User does not have a permission to use kinesis stream: Millrace has no Kinesis streams"
                    + " yet";
    private static final String OTHER_REGION =
            "The kinesis Arn used to enable kinesis replication belongs to a stream which is not in"
                    + " the current region";

    private final Store store;

    KinesisStreaming(Store store) {
        this.store = store;
    }

    KinesisStreamingDestinationOutput enable(
            Caller caller, KinesisStreamingDestinationInput request) {
        TableName name = TableName.of(caller, request.tableName());
        EnableKinesisStreamingConfiguration asked = request.enableKinesisStreamingConfiguration();
        String precision = asked == null ? null : asked.approximateCreationDateTimePrecision();
        KinesisDestination failed =
                new KinesisDestination(
                        request.streamArn(),
                        KinesisDestination.ENABLE_FAILED,
                        reason(name, request.streamArn()),
                        precision);
        return store.write(tx -> {
            Table table = Tables.settled(tx, name);
            List<KinesisDestination> destinations = new ArrayList<>();
            destinations.add(failed);
            for (KinesisDestination other : table.features().kinesisDestinations()) {
                if (!other.streamArn().equals(failed.streamArn())
                        && destinations.size() < DESTINATIONS_MAX) {
                    destinations.add(other);
                }
            }
            Tables.put(tx, table.with(table.features().withKinesisDestinations(destinations)));
            return new KinesisStreamingDestinationOutput(
                    table.name(),
                    request.streamArn(),
                    "ENABLING",
                    new EnableKinesisStreamingConfiguration(precision));
        });
    }

    private static String reason(TableName table, String streamArn) {
        boolean elsewhere =
                Arn.parse(streamArn)
                        .filter(arn -> arn.service().equals("kinesis"))
                        .filter(arn -> !arn.region().equals(table.region()))
                        .isPresent();
        return elsewhere ? OTHER_REGION : NO_STREAM;
    }

    KinesisStreamingDestinationOutput disable(
            Caller caller, KinesisStreamingDestinationInput request) {
        TableName name = TableName.of(caller, request.tableName());
        if (request.enableKinesisStreamingConfiguration() != null) {
            throw DynamoDbErrors.validation(
                    "Stream cannot be disabled using EnableKinesisStreamingConfiguration"
                            + " parameters");
        }
        store.read(tx -> Tables.table(tx, name));
        throw DynamoDbErrors.validation(
                INVALID_STATE
                        + "KinesisStreamingDestination must be ACTIVE to perform DISABLE"
                        + " operation.");
    }

    UpdateKinesisStreamingDestinationOutput update(
            Caller caller, UpdateKinesisStreamingDestinationInput request) {
        TableName name = TableName.of(caller, request.tableName());
        UpdateKinesisStreamingConfiguration asked = request.updateKinesisStreamingConfiguration();
        if (asked == null || asked.approximateCreationDateTimePrecision() == null) {
            throw DynamoDbErrors.validation(
                    "Streaming destination cannot be updated with given parameters:"
                            + " UpdateKinesisStreamingConfiguration cannot be null or contain only"
                            + " null values");
        }
        store.read(tx -> Tables.table(tx, name));
        throw DynamoDbErrors.validation(
                INVALID_STATE
                        + "Kinesis streaming is not in ACTIVE state. Updates are only allowed in"
                        + " ACTIVE state. TableName: "
                        + name.name()
                        + ", kdsArn: "
                        + request.streamArn());
    }

    DescribeKinesisStreamingDestinationOutput describe(
            Caller caller, DescribeKinesisStreamingDestinationInput request) {
        TableName name = TableName.of(caller, request.tableName());
        return store.read(tx -> describe(tx, name));
    }

    private static DescribeKinesisStreamingDestinationOutput describe(Snapshot tx, TableName name) {
        Table table = Tables.table(tx, name);
        return new DescribeKinesisStreamingDestinationOutput(
                table.name(),
                table.features().kinesisDestinations().stream()
                        .map(KinesisDestination::describe)
                        .toList());
    }
}
