package io.millrace.service.dynamodbstreams;

import io.millrace.api.ErrorModel;
import io.millrace.api.dynamodbstreams.DynamodbstreamsApi.Errors;
import io.millrace.wire.ServiceException;

import java.util.List;

/// What DynamoDB Streams refuses, in its own words.
final class DynamoDbStreamsErrors {
    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationException", 400);

    private DynamoDbStreamsErrors() {}

    static ServiceException constraints(List<String> violations) {
        int count = violations.size();
        return new ServiceException(
                VALIDATION,
                count
                        + (count == 1 ? " validation error" : " validation errors")
                        + " detected: "
                        + String.join("; ", violations));
    }

    static ServiceException invalid(String message) {
        return new ServiceException(
                VALIDATION, "One or more parameter values were invalid: " + message);
    }

    static ServiceException denied(String message) {
        return new ServiceException(ErrorModel.of("AccessDeniedException", 400), message);
    }

    static ServiceException invalidIterator() {
        return new ServiceException(VALIDATION, "Invalid ShardIterator");
    }

    static ServiceException streamNotFound(String arn) {
        return new ServiceException(
                Errors.RESOURCE_NOT_FOUND_EXCEPTION,
                "Requested resource not found: Stream: " + arn + " not found");
    }

    static ServiceException shardNotFound() {
        return new ServiceException(
                Errors.RESOURCE_NOT_FOUND_EXCEPTION,
                "Requested resource not found: Shard does not exist");
    }

    /// The shard has ended too long ago since the iterator was made.
    static ServiceException iteratorsShardNotFound() {
        return new ServiceException(
                Errors.RESOURCE_NOT_FOUND_EXCEPTION, "Invalid ShardId in ShardIterator");
    }

    static ServiceException expiredIterator() {
        return new ServiceException(Errors.EXPIRED_ITERATOR_EXCEPTION, "Iterator expired");
    }

    static ServiceException trimmed() {
        return new ServiceException(
                Errors.TRIMMED_DATA_ACCESS_EXCEPTION,
                "The data you are trying to access has been trimmed");
    }
}
