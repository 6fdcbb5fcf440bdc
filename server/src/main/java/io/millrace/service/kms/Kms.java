package io.millrace.service.kms;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.kms.KmsApi;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import java.util.List;

/// AWS Key Management Service: its operation table.
public final class Kms {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationException", 400);

    private final Service service =
            Service.of(KmsApi.MODEL, BODY_BYTES_MAX, Kms::constraintError).build();

    public Service service() {
        return service;
    }

    private static ServiceException constraintError(List<String> violations) {
        return new ServiceException(VALIDATION, Constraints.message(violations));
    }
}
