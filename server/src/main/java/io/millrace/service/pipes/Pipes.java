package io.millrace.service.pipes;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.pipes.PipesApi;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import java.util.List;

/// Amazon EventBridge Pipes: its operation table.
public final class Pipes {
    private static final int BODY_BYTES_MAX = 2 << 20;
    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationException", 400);

    private final Service service;

    public Pipes() {
        this.service = Service.of(PipesApi.MODEL, BODY_BYTES_MAX, Pipes::constraintError).build();
    }

    public Service service() {
        return service;
    }

    private static ServiceException constraintError(List<String> violations) {
        return new ServiceException(VALIDATION, Constraints.message(violations));
    }
}
