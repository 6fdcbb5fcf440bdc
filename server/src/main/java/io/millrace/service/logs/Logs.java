package io.millrace.service.logs;

import io.millrace.api.logs.LogsApi;
import io.millrace.delivery.StoreTarget;
import io.millrace.engine.Store;
import io.millrace.wire.Ids;
import io.millrace.wire.Service;

import java.time.InstantSource;

/// Amazon CloudWatch Logs: log groups, their streams, and the events in them.
public final class Logs {
    private final Service service;
    private final StoreTarget target;

    /// Puts the service together.
    public Logs(Store store, InstantSource clock, Ids ids) {
        Groups groups = new Groups(clock, ids);
        EventLog log = new EventLog();
        this.target = new LogsTarget(clock, groups, log, new DeliveryPermission());
        this.service =
                Service.of(LogsApi.MODEL, LogsLimits.BODY_BYTES_MAX, LogsErrors::constraints)
                        .handle(
                                LogsApi.CREATE_LOG_GROUP,
                                new CreateLogGroup(store, clock, ids, groups))
                        .handle(LogsApi.CREATE_LOG_STREAM, new CreateLogStream(store, groups))
                        .handle(LogsApi.PUT_LOG_EVENTS, new PutLogEvents(store, clock, groups, log))
                        .handle(LogsApi.GET_LOG_EVENTS, new GetLogEvents(store, clock, groups))
                        .build();
    }

    public Service service() {
        return service;
    }

    /// Log groups, as targets of other services.
    public StoreTarget target() {
        return target;
    }
}
