package io.millrace.service.schemas;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.schemas.SchemasApi;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import java.util.List;

/// Amazon EventBridge Schema Registry: its operation table.
public final class Schemas {
    private static final int BODY_BYTES_MAX = 2 << 20;
    private static final ErrorModel VALIDATION = ErrorModel.of("BadRequestException", 400);

    private final Service service;

    public Schemas() {
        this.service =
                Service.of(SchemasApi.MODEL, BODY_BYTES_MAX, Schemas::constraintError).build();
    }

    public Service service() {
        return service;
    }

    private static ServiceException constraintError(List<String> violations) {
        return new ServiceException(VALIDATION, Constraints.message(violations));
    }
}
