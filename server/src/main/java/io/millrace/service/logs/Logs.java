package io.millrace.service.logs;

import io.millrace.api.logs.LogsApi;
import io.millrace.delivery.StoreTarget;
import io.millrace.engine.Store;
import io.millrace.secret.CustomerKeys;
import io.millrace.storage.Sweeper;
import io.millrace.wire.Ids;
import io.millrace.wire.Resources;
import io.millrace.wire.Service;

import java.time.InstantSource;

/// Amazon CloudWatch Logs: log groups, their streams, and the events in them.
public final class Logs implements AutoCloseable {
    private final Service service;
    private final StoreTarget target;
    private final Sweeper removed;
    private final ExpiredEvents expiredEvents;
    private final Sweeper expired;

    /// Puts the service together.
    ///
    /// @param strict whether rules of event buses need a resource policy that lets them in, as at
    ///   AWS
    /// @param keys which groups may be encrypted with
    public Logs(Store store, InstantSource clock, Ids ids, boolean strict, CustomerKeys keys) {
        Groups groups = new Groups(clock, ids);
        EventLog log = new EventLog();
        Policies policies = new Policies(store, clock);
        this.target = new LogsTarget(clock, groups, log, new DeliveryPermission(policies, strict));
        this.removed =
                new Sweeper(
                        store,
                        "logs-removed-streams",
                        LogsKeys.removed(),
                        LogsLimits.EXPIRY_PAUSE,
                        new RemovedStreams(store));
        this.expiredEvents = new ExpiredEvents(store, clock, groups);
        this.expired =
                new Sweeper(
                        store,
                        "logs-expired-events",
                        LogsKeys.groups(),
                        LogsLimits.EXPIRY_PAUSE,
                        expiredEvents);
        GroupEncryption encryption = new GroupEncryption(keys);
        GroupSettings settings = new GroupSettings(store, groups, encryption);
        GroupTags tags = new GroupTags(store, groups);
        this.service =
                Service.of(LogsApi.MODEL, LogsLimits.BODY_BYTES_MAX, LogsErrors::constraints)
                        .resources(Resources.tagged(tags::ofArn))
                        .handle(
                                LogsApi.CREATE_LOG_GROUP,
                                new CreateLogGroup(store, clock, ids, groups, encryption))
                        .handle(LogsApi.DELETE_LOG_GROUP, new DeleteLogGroup(store, groups))
                        .handle(LogsApi.DESCRIBE_LOG_GROUPS, new DescribeLogGroups(store, groups))
                        .handle(LogsApi.LIST_LOG_GROUPS, new ListLogGroups(store, groups))
                        .handle(LogsApi.PUT_RETENTION_POLICY, settings::putRetention)
                        .handle(LogsApi.DELETE_RETENTION_POLICY, settings::deleteRetention)
                        .handle(LogsApi.ASSOCIATE_KMS_KEY, settings::associateKey)
                        .handle(LogsApi.DISASSOCIATE_KMS_KEY, settings::disassociateKey)
                        .handle(LogsApi.PUT_LOG_GROUP_DELETION_PROTECTION, settings::putProtection)
                        .handle(LogsApi.TAG_RESOURCE, tags::tag)
                        .handle(LogsApi.UNTAG_RESOURCE, tags::untag)
                        .handle(LogsApi.LIST_TAGS_FOR_RESOURCE, tags::list)
                        .handle(LogsApi.TAG_LOG_GROUP, tags::tagGroup)
                        .handle(LogsApi.UNTAG_LOG_GROUP, tags::untagGroup)
                        .handle(LogsApi.LIST_TAGS_LOG_GROUP, tags::listOfGroup)
                        .handle(LogsApi.CREATE_LOG_STREAM, new CreateLogStream(store, groups))
                        .handle(LogsApi.DELETE_LOG_STREAM, new DeleteLogStream(store, groups))
                        .handle(
                                LogsApi.DESCRIBE_LOG_STREAMS,
                                new DescribeLogStreams(store, clock, groups))
                        .handle(LogsApi.PUT_LOG_EVENTS, new PutLogEvents(store, clock, groups, log))
                        .handle(LogsApi.GET_LOG_EVENTS, new GetLogEvents(store, clock, groups))
                        .handle(
                                LogsApi.FILTER_LOG_EVENTS,
                                new FilterLogEvents(store, clock, groups))
                        .handle(LogsApi.TEST_METRIC_FILTER, new TestMetricFilter())
                        .handle(LogsApi.PUT_RESOURCE_POLICY, policies::put)
                        .handle(LogsApi.DESCRIBE_RESOURCE_POLICIES, policies::describe)
                        .handle(LogsApi.DELETE_RESOURCE_POLICY, policies::delete)
                        .build();
    }

    public Service service() {
        return service;
    }

    /// Log groups, as targets of other services.
    public StoreTarget target() {
        return target;
    }

    /// Begins to remove what has expired and what was deleted.
    public void start() {
        removed.start();
        expired.start();
    }

    /// Removes what is too old now, without waiting for the next pass.
    public void clockMoved() {
        expiredEvents.sweep();
    }

    @Override
    public void close() {
        removed.close();
        expired.close();
    }
}
