package io.millrace.service.sts;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.sts.StsApi;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import java.util.List;

/// STS's refusals, in its words.
final class StsErrors {
    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationError", 400);
    private static final ErrorModel ACCESS_DENIED = ErrorModel.of("AccessDenied", 403);

    private StsErrors() {}

    static ServiceException constraints(List<String> violations) {
        return validation(Constraints.message(violations));
    }

    static ServiceException validation(String message) {
        return new ServiceException(VALIDATION, message);
    }

    static ServiceException accessDenied(String message) {
        return new ServiceException(ACCESS_DENIED, message);
    }

    /// @param action as `sts:AssumeRole`
    static ServiceException notAuthorized(Caller caller, String action, String resource) {
        return accessDenied(
                "User: "
                        + caller.principalArn()
                        + " is not authorized to perform: "
                        + action
                        + " on resource: "
                        + resource);
    }

    static ServiceException webIdentityNotAuthorized() {
        return accessDenied("Not authorized to perform " + AssumeRoleWithWebIdentity.ACTION);
    }

    static ServiceException invalidToken(String message) {
        return new ServiceException(StsApi.Errors.INVALID_IDENTITY_TOKEN_EXCEPTION, message);
    }

    static ServiceException notAToken() {
        return invalidToken(
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an"
                        + " Access Token)");
    }

    static ServiceException expiredToken(String message) {
        return new ServiceException(StsApi.Errors.EXPIRED_TOKEN_EXCEPTION, message);
    }

    static ServiceException malformedPolicy(String message) {
        return new ServiceException(StsApi.Errors.MALFORMED_POLICY_DOCUMENT_EXCEPTION, message);
    }

    static ServiceException packedPolicyTooLarge(int percent) {
        return new ServiceException(
                StsApi.Errors.PACKED_POLICY_TOO_LARGE_EXCEPTION,
                "Packed size of session tags consumes " + percent + "% of allotted space.");
    }
}
