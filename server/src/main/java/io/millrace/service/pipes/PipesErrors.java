package io.millrace.service.pipes;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.pipes.ConflictException;
import io.millrace.api.pipes.PipesApi;
import io.millrace.api.pipes.ServiceQuotaExceededException;
import io.millrace.api.pipes.ValidationException;
import io.millrace.api.pipes.ValidationExceptionField;
import io.millrace.pattern.JsonPathText;
import io.millrace.wire.ServiceException;

import java.util.List;

/// Pipes' refusals, in its words.
final class PipesErrors {
    private static final ErrorModel NOT_IMPLEMENTED = ErrorModel.of("NotImplemented", 501);
    private static final String PIPE = "pipe";

    private PipesErrors() {}

    static ServiceException constraints(List<String> violations) {
        return validation(Constraints.message(violations));
    }

    static ServiceException validation(String message) {
        return new ServiceException(PipesApi.Errors.VALIDATION_EXCEPTION, message);
    }

    /// AWS tells the fields as JSON in the message.
    ///
    /// @param field as `SourceParameters.DynamoDBStreamParameters`
    static ServiceException field(String field, String message) {
        String text =
                "{\"ValidationErrorFields\":[{\"Name\":"
                        + JsonPathText.quote(field)
                        + ",\"Message\":"
                        + JsonPathText.quote(message)
                        + "}]}";
        return new ServiceException(
                PipesApi.Errors.VALIDATION_EXCEPTION,
                text,
                new ValidationException(
                        text, List.of(new ValidationExceptionField(field, message))));
    }

    static ServiceException missing(String field) {
        return field(field, "Missing required parameter.");
    }

    static ServiceException notImplemented(String what) {
        return new ServiceException(NOT_IMPLEMENTED, what + " is not implemented by Millrace yet.");
    }

    static ServiceException notFound(String name) {
        return new ServiceException(
                PipesApi.Errors.NOT_FOUND_EXCEPTION, "Pipe " + name + " does not exist.");
    }

    static ServiceException exists(String name) {
        return conflict(name, "Pipe " + name + " already exists.");
    }

    static ServiceException conflict(String name, String message) {
        return new ServiceException(
                PipesApi.Errors.CONFLICT_EXCEPTION,
                message,
                new ConflictException(message, name, PIPE));
    }

    static ServiceException tooMany(String name) {
        String message = "The account has reached the maximum number of pipes.";
        return new ServiceException(
                PipesApi.Errors.SERVICE_QUOTA_EXCEEDED_EXCEPTION,
                message,
                new ServiceQuotaExceededException(message, name, PIPE, "pipes", "L-8D7A8AC1"));
    }
}
