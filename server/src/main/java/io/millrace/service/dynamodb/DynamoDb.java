package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.engine.Store;
import io.millrace.objects.ObjectStorage;
import io.millrace.stream.ImageDecoder;
import io.millrace.wire.Ids;
import io.millrace.wire.Page;
import io.millrace.wire.Service;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Amazon DynamoDB: its operations, and its background work. Thread-safe.
public final class DynamoDb implements AutoCloseable {
    private static final String ERROR_NAMESPACE = "com.amazonaws.dynamodb.v20120810";

    private final Store store;
    private final MeteredStore metered;
    private final Service service;
    private final TableJobs jobs;
    private final ExpirySweeper expirySweeper;
    private final HistoryTrimmer historyTrimmer;
    private final StreamRoller streamRoller;

    public DynamoDb(Store store, InstantSource clock, Ids ids, DynamoDbOptions options) {
        this.jobs = new TableJobs(store, handlers(store, clock, options.objects()));
        this.expirySweeper = new ExpirySweeper(store, clock);
        this.streamRoller = new StreamRoller(store, clock, options.streams());
        this.historyTrimmer = new HistoryTrimmer(store, clock);
        this.metered = new MeteredStore(store, clock);
        this.store = store;
        this.service = service(clock, ids, options);
    }

    /// Who does the background work, by its kind.
    private static Map<String, TableJobs.Handler> handlers(
            Store store, InstantSource clock, ObjectStorage objects) {
        return Map.of(
                BackupJob.KIND,
                new BackupJob(store),
                ExpiryBuild.KIND,
                new ExpiryBuild(store, clock),
                ExportJob.KIND,
                new ExportJob(store, clock, objects),
                ImportJob.KIND,
                new ImportJob(store, clock, objects),
                IndexBackfill.KIND,
                new TableBackfill<>(store, IndexBackfill.KIND, new IndexBackfill()),
                VectorBackfill.KIND,
                new TableBackfill<>(store, VectorBackfill.KIND, new VectorBackfill()),
                RestoreJob.KIND,
                new RestoreJob(store, clock));
    }

    private Service service(InstantSource clock, Ids ids, DynamoDbOptions options) {
        ObjectStorage objects = options.objects();
        TableTags tags = new TableTags(store);
        ContributorInsights insights = new ContributorInsights(store, clock, metered.insights());
        LegacyGlobalTables legacy = new LegacyGlobalTables();
        ReplicaAutoScaling scaling = new ReplicaAutoScaling(store);
        ResourcePolicies policies = new ResourcePolicies(store, clock);
        KinesisStreaming kinesis = new KinesisStreaming(store);
        return Service.of(
                        DynamodbApi.MODEL,
                        DynamoDbLimits.REQUEST_BYTES_MAX,
                        DynamoDbErrors::constraints)
                .handle(
                        DynamodbApi.BATCH_EXECUTE_STATEMENT,
                        new BatchExecuteStatement(metered, clock))
                .handle(DynamodbApi.BATCH_GET_ITEM, new BatchGetItem(metered))
                .handle(DynamodbApi.BATCH_WRITE_ITEM, new BatchWriteItem(metered, clock))
                .handle(DynamodbApi.CREATE_BACKUP, new CreateBackup(store, clock, ids))
                .handle(DynamodbApi.CREATE_GLOBAL_TABLE, legacy::create)
                .handle(
                        DynamodbApi.CREATE_TABLE,
                        new CreateTable(store, clock, ids, options.keys()))
                .handle(DynamodbApi.DELETE_BACKUP, new DeleteBackup(store))
                .handle(DynamodbApi.DELETE_ITEM, new DeleteItem(metered, clock))
                .handle(DynamodbApi.DELETE_RESOURCE_POLICY, policies::delete)
                .handle(DynamodbApi.DELETE_TABLE, new DeleteTable(store, clock, ids))
                .handle(DynamodbApi.DESCRIBE_BACKUP, new DescribeBackup(store))
                .handle(
                        DynamodbApi.DESCRIBE_CONTINUOUS_BACKUPS,
                        new DescribeContinuousBackups(store, clock))
                .handle(DynamodbApi.DESCRIBE_CONTRIBUTOR_INSIGHTS, insights::describe)
                .handle(DynamodbApi.DESCRIBE_ENDPOINTS, new DescribeEndpoints())
                .handle(DynamodbApi.DESCRIBE_EXPORT, new DescribeExport(store))
                .handle(DynamodbApi.DESCRIBE_IMPORT, new DescribeImport(store))
                .handle(DynamodbApi.DESCRIBE_GLOBAL_TABLE, legacy::describe)
                .handle(DynamodbApi.DESCRIBE_GLOBAL_TABLE_SETTINGS, legacy::describeSettings)
                .handle(DynamodbApi.DESCRIBE_KINESIS_STREAMING_DESTINATION, kinesis::describe)
                .handle(DynamodbApi.DESCRIBE_LIMITS, new DescribeLimits())
                .handle(DynamodbApi.DESCRIBE_TABLE, new DescribeTable(store, clock))
                .handle(DynamodbApi.DESCRIBE_TABLE_REPLICA_AUTO_SCALING, scaling::describe)
                .handle(DynamodbApi.DESCRIBE_TIME_TO_LIVE, new DescribeTimeToLive(store))
                .handle(DynamodbApi.DISABLE_KINESIS_STREAMING_DESTINATION, kinesis::disable)
                .handle(DynamodbApi.ENABLE_KINESIS_STREAMING_DESTINATION, kinesis::enable)
                .handle(DynamodbApi.EXECUTE_STATEMENT, new ExecuteStatement(metered, clock))
                .handle(DynamodbApi.EXECUTE_TRANSACTION, new ExecuteTransaction(metered, clock))
                .handle(
                        DynamodbApi.EXPORT_TABLE_TO_POINT_IN_TIME,
                        new ExportTableToPointInTime(store, clock, ids, objects))
                .handle(DynamodbApi.GET_ITEM, new GetItem(metered))
                .handle(DynamodbApi.IMPORT_TABLE, new ImportTable(store, clock, ids, objects))
                .handle(DynamodbApi.GET_RESOURCE_POLICY, policies::get)
                .handle(DynamodbApi.LIST_BACKUPS, new ListBackups(store))
                .handle(DynamodbApi.LIST_CONTRIBUTOR_INSIGHTS, insights::list)
                .handle(DynamodbApi.LIST_EXPORTS, new ListExports(store))
                .handle(DynamodbApi.LIST_IMPORTS, new ListImports(store))
                .handle(DynamodbApi.LIST_GLOBAL_TABLES, legacy::list)
                .handle(DynamodbApi.LIST_TABLES, new ListTables(store))
                .handle(DynamodbApi.LIST_TAGS_OF_RESOURCE, tags::list)
                .handle(DynamodbApi.PUT_ITEM, new PutItem(metered, clock))
                .handle(DynamodbApi.PUT_RESOURCE_POLICY, policies::put)
                .handle(DynamodbApi.QUERY, new Query(metered))
                .handle(
                        DynamodbApi.RESTORE_TABLE_FROM_BACKUP,
                        new RestoreTableFromBackup(store, clock, ids))
                .handle(
                        DynamodbApi.RESTORE_TABLE_TO_POINT_IN_TIME,
                        new RestoreTableToPointInTime(store, clock, ids))
                .handle(DynamodbApi.SCAN, new Scan(metered))
                .handle(DynamodbApi.SEARCH_VECTORS, new SearchVectors(store))
                .handle(DynamodbApi.TAG_RESOURCE, tags::tag)
                .handle(DynamodbApi.TRANSACT_GET_ITEMS, new TransactGetItems(metered))
                .handle(DynamodbApi.TRANSACT_WRITE_ITEMS, new TransactWriteItems(metered, clock))
                .handle(DynamodbApi.UNTAG_RESOURCE, tags::untag)
                .handle(
                        DynamodbApi.UPDATE_CONTINUOUS_BACKUPS,
                        new UpdateContinuousBackups(store, clock, ids))
                .handle(DynamodbApi.UPDATE_CONTRIBUTOR_INSIGHTS, insights::update)
                .handle(DynamodbApi.UPDATE_GLOBAL_TABLE, legacy::update)
                .handle(DynamodbApi.UPDATE_GLOBAL_TABLE_SETTINGS, legacy::updateSettings)
                .handle(DynamodbApi.UPDATE_ITEM, new UpdateItem(metered, clock))
                .handle(DynamodbApi.UPDATE_KINESIS_STREAMING_DESTINATION, kinesis::update)
                .handle(DynamodbApi.UPDATE_TABLE_REPLICA_AUTO_SCALING, scaling::update)
                .handle(
                        DynamodbApi.UPDATE_TABLE,
                        new UpdateTable(store, clock, ids, options.keys()))
                .handle(
                        DynamodbApi.UPDATE_TIME_TO_LIVE,
                        new UpdateTimeToLive(store, clock, ids, options.resting()))
                .resources(new TableResources(store))
                .errorNamespace(ERROR_NAMESPACE)
                .internalError(DynamodbApi.Errors.INTERNAL_SERVER_ERROR)
                .checksummed()
                .invalidMembers(DynamoDbErrors::invalidMember)
                .build();
    }

    /// What is served beside the operations, for everyone who reaches the server.
    ///
    /// @param region of tables when a request names none
    public List<Page> pages(String region) {
        return List.of(new KeyInsightsPage(store, metered.insights(), region).page());
    }

    public Service service() {
        return service;
    }

    /// Begins the background work.
    public void start() {
        jobs.start();
        historyTrimmer.start();
        expirySweeper.start();
        streamRoller.start();
    }

    /// Ends the background work; what is unfinished goes on with the next start.
    @Override
    public void close() {
        streamRoller.close();
        expirySweeper.close();
        jobs.close();
        historyTrimmer.close();
    }

    /// For tests: does the background work that there is, now.
    void finishJobs() {
        jobs.finish();
    }

    /// For tests: one step of each job.
    void stepJobs() {
        jobs.pass();
    }

    /// For tests: deletes the items that have expired, now.
    void expireItems() {
        expirySweeper.sweep();
    }

    /// For tests: switches the shards of streams that are due, now.
    void rollShards() {
        streamRoller.roll();
    }

    /// Decodes the images in the streams of tables, for those who read them.
    public static ImageDecoder images() {
        return image -> StoredItem.read(image).answer();
    }
}
