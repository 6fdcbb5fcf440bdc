package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ExportTableToPointInTimeInput;
import io.millrace.api.dynamodb.ExportTableToPointInTimeOutput;
import io.millrace.api.dynamodb.IncrementalExportSpecification;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.objects.ObjectStorage;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// `ExportTableToPointInTime`: writes what a table was at a moment, or what changed between two,
/// into a bucket.
///
/// Errors: `TableNotFoundException`, `PointInTimeRecoveryUnavailableException`,
/// `InvalidExportTimeException`, `ExportConflictException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html).
final class ExportTableToPointInTime
        implements Operation<ExportTableToPointInTimeInput, ExportTableToPointInTimeOutput> {
    private static final Duration WINDOW_MIN = Duration.ofMinutes(15);
    private static final Duration WINDOW_MAX = Duration.ofHours(24);

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final ObjectStorage objects;

    ExportTableToPointInTime(Store store, InstantSource clock, Ids ids, ObjectStorage objects) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.objects = objects;
    }

    /// @param from null for a full export
    private record Window(@Nullable Instant from, Instant until) {}

    @Override
    public ExportTableToPointInTimeOutput handle(
            Caller caller, ExportTableToPointInTimeInput request) {
        TableName name = TableName.of(caller, request.tableArn());
        if (request.filterSpecification() != null) {
            throw DynamoDbErrors.notImplemented("FilterSpecification");
        }
        Export.Request asked = asked(request);
        Transfers.requireStorage(objects);
        Instant now = clock.instant();
        long space = ids.number();
        Export export = store.write(tx -> begin(tx, name, asked, now, space));
        return new ExportTableToPointInTimeOutput(Exports.description(export));
    }

    private static Export.Request asked(ExportTableToPointInTimeInput request) {
        boolean incremental = "INCREMENTAL_EXPORT".equals(request.exportType());
        IncrementalExportSpecification window = request.incrementalExportSpecification();
        if (incremental && window == null) {
            throw DynamoDbErrors.validation(
                    "IncrementalExportSpecification must be specified for incremental exports");
        }
        if (!incremental && window != null) {
            throw DynamoDbErrors.validation(
                    "IncrementalExportSpecification can only be specified for incremental exports");
        }
        if (incremental && request.exportTime() != null) {
            throw DynamoDbErrors.validation("ExportTime can only be specified for full exports");
        }
        String viewType = window == null ? null : window.exportViewType();
        String format = request.exportFormat();
        return new Export.Request(
                request.clientToken(),
                request.s3Bucket(),
                request.s3BucketOwner(),
                request.s3Prefix(),
                request.s3SseAlgorithm(),
                request.s3SseKmsKeyId(),
                format == null ? "DYNAMODB_JSON" : format,
                incremental,
                viewType == null ? "NEW_AND_OLD_IMAGES" : viewType,
                millis(request.exportTime()),
                window == null ? null : millis(window.exportFromTime()),
                window == null ? null : millis(window.exportToTime()));
    }

    private static @Nullable Long millis(@Nullable Instant moment) {
        return moment == null ? null : moment.toEpochMilli();
    }

    private Export begin(
            Transaction tx, TableName name, Export.Request asked, Instant now, long space) {
        Table table = DescribeContinuousBackups.table(tx, name);
        PointInTime history = table.features().pointInTime();
        String token = asked.clientToken();
        Export earlier = token == null ? null : Exports.asked(tx, table, token, now.toEpochMilli());
        if (earlier != null) {
            if (!earlier.request().equals(asked)) {
                throw DynamoDbErrors.exportConflict();
            }
            return earlier;
        }
        if (history == null) {
            throw DynamoDbErrors.noPointInTimeRecovery(table.name());
        }
        Window window =
                asked.incremental() ? between(asked, history, now) : at(asked, history, now);
        Instant from = window.from();
        Export export =
                new Export(
                        Backup.id(now.toEpochMilli(), ids),
                        table.with(table.features().withSnapshots(List.of())),
                        asked,
                        from == null ? 0 : from.toEpochMilli(),
                        window.until().toEpochMilli(),
                        now.toEpochMilli(),
                        null,
                        0,
                        0,
                        null,
                        null);
        Exports.put(tx, export);
        ExportJob.begin(tx, table, export, history, space);
        return export;
    }

    private static Window at(Export.Request asked, PointInTime history, Instant now) {
        Long millis = asked.exportMillis();
        Instant moment = millis == null ? now : Instant.ofEpochMilli(millis);
        if (moment.isBefore(history.earliest(now)) || moment.isAfter(now)) {
            throw DynamoDbErrors.invalidExportTime(
                    "The specified ExportTime is outside of the point in time recovery window.");
        }
        return new Window(null, moment);
    }

    private static Window between(Export.Request asked, PointInTime history, Instant now) {
        Long fromMillis = asked.fromMillis();
        Long toMillis = asked.toMillis();
        if (fromMillis == null) {
            throw DynamoDbErrors.validation("ExportFromTime must be specified");
        }
        Instant from = Instant.ofEpochMilli(fromMillis);
        Instant latest = from.plus(WINDOW_MAX);
        Instant to =
                toMillis != null
                        ? Instant.ofEpochMilli(toMillis)
                        : latest.isBefore(now) ? latest : now;
        if (from.isBefore(history.earliest(now)) || to.isAfter(now)) {
            throw DynamoDbErrors.invalidExportTime(
                    "The specified export window is outside of the point in time recovery window.");
        }
        Duration length = Duration.between(from, to);
        if (length.compareTo(WINDOW_MIN) < 0) {
            throw DynamoDbErrors.invalidExportTime(
                    "Difference between from time and to time is less than 15 minutes");
        }
        if (length.compareTo(WINDOW_MAX) > 0) {
            throw DynamoDbErrors.invalidExportTime(
                    "Difference between from time and to time is greater than 24 hours");
        }
        return new Window(from, to);
    }
}
