package io.millrace.service.logs;

import io.millrace.api.Constraints;
import io.millrace.api.logs.LogsApi;
import io.millrace.wire.ServiceException;

import java.util.List;

/// The refusals of CloudWatch Logs, in its words.
final class LogsErrors {
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

    static ServiceException invalidToken() {
        return invalidParameter("The specified nextToken is invalid.");
    }
}
