package io.millrace.service.logs;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.logs.LogsApi;
import io.millrace.api.logs.TooManyTagsException;
import io.millrace.wire.ServiceException;

import java.util.List;

/// The refusals of CloudWatch Logs, in its words.
final class LogsErrors {
    private static final ErrorModel NOT_IMPLEMENTED = ErrorModel.of("NotImplemented", 501);

    private LogsErrors() {}

    static ServiceException constraints(List<String> violations) {
        return invalidParameter(Constraints.message(violations));
    }

    static ServiceException invalidParameter(String message) {
        return new ServiceException(LogsApi.Errors.INVALID_PARAMETER_EXCEPTION, message);
    }

    static ServiceException groupNotFound() {
        return notFound("The specified log group does not exist.");
    }

    static ServiceException streamNotFound() {
        return notFound("The specified log stream does not exist.");
    }

    static ServiceException notFound(String message) {
        return new ServiceException(LogsApi.Errors.RESOURCE_NOT_FOUND_EXCEPTION, message);
    }

    static ServiceException groupExists() {
        return exists("The specified log group already exists");
    }

    static ServiceException streamExists() {
        return exists("The specified log stream already exists");
    }

    private static ServiceException exists(String message) {
        return new ServiceException(LogsApi.Errors.RESOURCE_ALREADY_EXISTS_EXCEPTION, message);
    }

    static ServiceException limitExceeded() {
        return new ServiceException(
                LogsApi.Errors.LIMIT_EXCEEDED_EXCEPTION, "Resource limit exceeded.");
    }

    static ServiceException accessDenied(String principal, GroupName group) {
        return new ServiceException(
                LogsApi.Errors.ACCESS_DENIED_EXCEPTION,
                principal + " is not authorized to put log events to " + group.arn() + ".");
    }

    static ServiceException keyNotFound(GroupName group) {
        return new ServiceException(
                LogsApi.Errors.ACCESS_DENIED_EXCEPTION,
                "The specified KMS key does not exist or is not allowed to be used with Arn '"
                        + group.arn()
                        + "'");
    }

    static ServiceException isProtected() {
        return new ServiceException(
                LogsApi.Errors.VALIDATION_EXCEPTION,
                "The specified log group is protected against deletion.");
    }

    static ServiceException tooManyTags(String arn) {
        return new ServiceException(
                LogsApi.Errors.TOO_MANY_TAGS_EXCEPTION,
                "A resource can have no more than " + LogsLimits.TAGS_MAX + " tags.",
                TooManyTagsException.builder()
                        .message("A resource can have no more than 50 tags.")
                        .resourceName(arn)
                        .build());
    }

    static ServiceException notImplemented(String what) {
        return new ServiceException(NOT_IMPLEMENTED, what + " is not implemented by Millrace yet.");
    }

    static ServiceException invalidToken() {
        return invalidParameter("The specified nextToken is invalid.");
    }
}
