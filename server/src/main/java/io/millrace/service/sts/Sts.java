package io.millrace.service.sts;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.sts.StsApi;
import io.millrace.wire.Service;
import io.millrace.wire.ServiceException;

import java.util.List;

/// AWS Security Token Service: its operation table. Keeps nothing.
public final class Sts {
    private static final int BODY_BYTES_MAX = 64 << 10;
    private static final ErrorModel VALIDATION_ERROR = ErrorModel.of("ValidationError", 400);

    private final Service service =
            Service.of(StsApi.MODEL, BODY_BYTES_MAX, Sts::constraintError)
                    .handle(StsApi.GET_CALLER_IDENTITY, new GetCallerIdentity())
                    .build();

    public Service service() {
        return service;
    }

    private static ServiceException constraintError(List<String> violations) {
        return new ServiceException(VALIDATION_ERROR, Constraints.message(violations));
    }
}
