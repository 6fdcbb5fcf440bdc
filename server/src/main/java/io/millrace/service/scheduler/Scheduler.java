package io.millrace.service.scheduler;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.scheduler.SchedulerApi;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import java.util.List;

/// Amazon EventBridge Scheduler: its operation table.
public final class Scheduler {
    private static final int BODY_BYTES_MAX = 2 << 20;
    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationException", 400);

    private final Service service;

    public Scheduler() {
        this.service =
                Service.of(SchedulerApi.MODEL, BODY_BYTES_MAX, Scheduler::constraintError).build();
    }

    public Service service() {
        return service;
    }

    private static ServiceException constraintError(List<String> violations) {
        return new ServiceException(VALIDATION, Constraints.message(violations));
    }
}
