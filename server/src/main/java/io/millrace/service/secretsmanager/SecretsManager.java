package io.millrace.service.secretsmanager;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.secretsmanager.SecretsmanagerApi;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import java.util.List;

/// AWS Secrets Manager: its operation table.
public final class SecretsManager {
    private static final int BODY_BYTES_MAX = 1 << 20;
    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationException", 400);

    private final Service service =
            Service.of(SecretsmanagerApi.MODEL, BODY_BYTES_MAX, SecretsManager::constraintError)
                    .build();

    public Service service() {
        return service;
    }

    private static ServiceException constraintError(List<String> violations) {
        return new ServiceException(VALIDATION, Constraints.message(violations));
    }
}
