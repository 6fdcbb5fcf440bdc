package io.millrace.service.logs;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.logs.LogsApi;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import java.util.List;

/// Amazon CloudWatch Logs: its operation table.
public final class Logs {
    private static final int BODY_BYTES_MAX = 2 << 20;
    private static final ErrorModel VALIDATION = ErrorModel.of("InvalidParameterException", 400);

    private final Service service;

    public Logs() {
        this.service = Service.of(LogsApi.MODEL, BODY_BYTES_MAX, Logs::constraintError).build();
    }

    public Service service() {
        return service;
    }

    private static ServiceException constraintError(List<String> violations) {
        return new ServiceException(VALIDATION, Constraints.message(violations));
    }
}
