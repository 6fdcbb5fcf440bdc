package io.millrace.wire;

import io.millrace.api.ErrorModel;

import java.util.Set;

/// The errors that every AWS service answers before an operation is reached. Codes and statuses
/// differ between JSON and query, and stand side by side in their [ErrorModel]. Sources: the
/// services' pages on common errors; the wording is what DynamoDB and STS are seen to answer.
final class CommonErrors {
    static final ErrorModel MISSING_AUTHENTICATION_TOKEN =
            both("MissingAuthenticationTokenException", 400, "MissingAuthenticationToken", 403);
    static final ErrorModel INCOMPLETE_SIGNATURE =
            both("IncompleteSignatureException", 400, "IncompleteSignature", 400);
    static final ErrorModel UNRECOGNIZED_CLIENT =
            both("UnrecognizedClientException", 400, "InvalidClientTokenId", 403);
    static final ErrorModel EXPIRED_TOKEN = both("ExpiredTokenException", 400, "ExpiredToken", 403);
    static final ErrorModel INVALID_SIGNATURE =
            both("InvalidSignatureException", 400, "SignatureDoesNotMatch", 403);
    private static final Set<ErrorModel> AUTHENTICATION =
            Set.of(
                    MISSING_AUTHENTICATION_TOKEN,
                    INCOMPLETE_SIGNATURE,
                    UNRECOGNIZED_CLIENT,
                    EXPIRED_TOKEN,
                    INVALID_SIGNATURE);
    static final ErrorModel UNKNOWN_OPERATION =
            both("UnknownOperationException", 400, "InvalidAction", 400);
    static final ErrorModel UNKNOWN_PATH = ErrorModel.of("UnknownOperationException", 404);
    static final ErrorModel MISSING_ACTION = ErrorModel.of("MissingAction", 400);
    static final ErrorModel SERIALIZATION =
            both("SerializationException", 400, "MalformedInput", 400);
    static final ErrorModel VALIDATION = ErrorModel.of("ValidationException", 400);
    static final ErrorModel TOO_LARGE =
            both("RequestEntityTooLargeException", 413, "RequestEntityTooLarge", 413);
    static final ErrorModel REQUEST_TIMEOUT =
            both("RequestTimeoutException", 408, "RequestTimeout", 408);
    static final ErrorModel THROTTLING = both("ThrottlingException", 400, "Throttling", 400);
    static final ErrorModel REST_THROTTLING = ErrorModel.of("ThrottlingException", 429);
    static final ErrorModel NOT_IMPLEMENTED = ErrorModel.of("NotImplemented", 501);
    static final ErrorModel OTHER_ORIGIN = ErrorModel.of("AccessDeniedException", 403);
    static final ErrorModel NOT_FOUND = ErrorModel.of("NotFound", 404);

    private CommonErrors() {}

    private static ErrorModel both(
            String code, int httpStatus, String queryCode, int queryHttpStatus) {
        return new ErrorModel(code, code, httpStatus, true, queryCode, queryHttpStatus);
    }

    /// The status in restJson1, where who is not known is forbidden. Source: Lambda, Batch and
    /// Glacier as seen, and the common errors of [AWS
    /// Signer](https://docs.aws.amazon.com/signer/latest/api/CommonErrors.html).
    static int restStatus(ErrorModel error) {
        return AUTHENTICATION.contains(error) ? 403 : error.httpStatus();
    }

    static ServiceException missingAuthenticationToken() {
        return new ServiceException(
                MISSING_AUTHENTICATION_TOKEN, "Request is missing Authentication Token");
    }

    static ServiceException otherOrigin() {
        return new ServiceException(
                OTHER_ORIGIN, "Without credentials, only web pages of this machine may ask.");
    }

    static ServiceException incompleteSignature(String message) {
        return new ServiceException(INCOMPLETE_SIGNATURE, message);
    }

    /// SDKs wait a little and try again.
    static ServiceException throttled(ErrorModel error) {
        return new ServiceException(
                error, "Rate exceeded: the server has more requests in work than it can take.");
    }

    static ServiceException unrecognizedClient() {
        return new ServiceException(
                UNRECOGNIZED_CLIENT, "The security token included in the request is invalid.");
    }

    static ServiceException expiredToken() {
        return new ServiceException(
                EXPIRED_TOKEN, "The security token included in the request is expired");
    }

    static ServiceException invalidSignature(String message) {
        return new ServiceException(INVALID_SIGNATURE, message);
    }

    static ServiceException signatureDoesNotMatch() {
        return invalidSignature(
                "The request signature we calculated does not match the signature you provided."
                        + " Check your AWS Secret Access Key and signing method. Consult the"
                        + " service documentation for details.");
    }

    /// AWS says nothing more in JSON.
    static ServiceException unknownOperation() {
        return new ServiceException(UNKNOWN_OPERATION, "");
    }

    /// REST services answer so where no operation has the method and the path.
    static ServiceException unknownPath() {
        return new ServiceException(UNKNOWN_PATH, "");
    }

    static ServiceException unknownAction(String action, String version) {
        return new ServiceException(
                UNKNOWN_OPERATION,
                "Could not find operation " + action + " for version " + version);
    }

    /// Of a service whose resources have URLs of their own.
    static ServiceException unknownActionHere(String action) {
        return new ServiceException(
                UNKNOWN_OPERATION, "The action " + action + " is not valid for this endpoint.");
    }

    static ServiceException missingAction() {
        return new ServiceException(
                MISSING_ACTION, "The request is missing an action or a required parameter.");
    }

    static ServiceException serialization(String message) {
        return new ServiceException(SERIALIZATION, message);
    }

    static ServiceException notImplemented(String what) {
        return new ServiceException(NOT_IMPLEMENTED, "Millrace does not implement " + what + ".");
    }

    static ServiceException notFound(String path) {
        return new ServiceException(
                NOT_FOUND,
                "There is nothing at "
                        + path
                        + ", and the request does not say which service and"
                        + " operation it is for.");
    }
}
