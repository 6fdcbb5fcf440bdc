package io.millrace.service.iam;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.iam.IamApi;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import java.util.List;

/// AWS Identity and Access Management: its operation table.
public final class Iam {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationError", 400);

    private final Service service =
            Service.of(IamApi.MODEL, BODY_BYTES_MAX, Iam::constraintError).build();

    public Service service() {
        return service;
    }

    private static ServiceException constraintError(List<String> violations) {
        return new ServiceException(VALIDATION, Constraints.message(violations));
    }
}
