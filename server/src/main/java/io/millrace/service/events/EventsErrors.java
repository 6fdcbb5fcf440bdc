package io.millrace.service.events;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.events.EventsApi;
import io.millrace.pattern.Arn;
import io.millrace.wire.ServiceException;

import java.util.List;

/// EventBridge's refusals, in its words.
final class EventsErrors {

    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationException", 400);
    private static final ErrorModel NOT_IMPLEMENTED = ErrorModel.of("NotImplemented", 501);

    private EventsErrors() {}

    static ServiceException constraints(List<String> violations) {
        return validation(Constraints.message(violations));
    }

    static ServiceException validation(String message) {
        return new ServiceException(VALIDATION, message);
    }

    static ServiceException notImplemented(String what) {
        return new ServiceException(NOT_IMPLEMENTED, what + " is not implemented by Millrace yet.");
    }

    static ServiceException busNotFound(String name) {
        return notFound("Event bus " + name + " does not exist.");
    }

    static ServiceException busExists(String name) {
        return new ServiceException(
                EventsApi.Errors.RESOURCE_ALREADY_EXISTS_EXCEPTION,
                "Event bus " + name + " already exists.");
    }

    static ServiceException ruleNotFound(String rule, String bus) {
        return notFound("Rule " + rule + " does not exist on EventBus " + bus + ".");
    }

    static ServiceException archiveNotFound(String name) {
        return notFound("Archive " + name + " does not exist.");
    }

    static ServiceException archiveExists(String name) {
        return new ServiceException(
                EventsApi.Errors.RESOURCE_ALREADY_EXISTS_EXCEPTION,
                "Archive " + name + " already exists.");
    }

    static ServiceException replayNotFound(String name) {
        return notFound("Replay " + name + " does not exist.");
    }

    static ServiceException replayExists(String name) {
        return new ServiceException(
                EventsApi.Errors.RESOURCE_ALREADY_EXISTS_EXCEPTION,
                "Replay " + name + " already exists.");
    }

    static ServiceException ruleExists(String name) {
        return new ServiceException(
                EventsApi.Errors.RESOURCE_ALREADY_EXISTS_EXCEPTION,
                "Rule " + name + " already exists.");
    }

    static ServiceException invalidParameter(String parameter, String reason) {
        return validation("Parameter " + parameter + " is not valid. Reason: " + reason);
    }

    /// @param reason KMS's words
    static ServiceException keyRefused(String reason) {
        return invalidParameter("KmsKeyIdentifier", reason);
    }

    static ServiceException oneFilter(String operation) {
        return validation(
                "At most one filter is allowed for "
                        + operation
                        + ". Use either : State, EventSourceArn, or NamePrefix.");
    }

    static ServiceException notFound(String message) {
        return new ServiceException(EventsApi.Errors.RESOURCE_NOT_FOUND_EXCEPTION, message);
    }

    static ServiceException connectionNotFound(String name) {
        return notFound(
                "Failed to describe the connection(s). Connection '" + name + "' does not exist.");
    }

    static ServiceException connectionExists(String name) {
        return new ServiceException(
                EventsApi.Errors.RESOURCE_ALREADY_EXISTS_EXCEPTION,
                "Connection " + name + " already exists.");
    }

    static ServiceException destinationNotFound(String name) {
        return notFound(
                "Failed to describe the api-destination(s). An api-destination '"
                        + name
                        + "' does not exist.");
    }

    static ServiceException destinationExists(String name) {
        return new ServiceException(
                EventsApi.Errors.RESOURCE_ALREADY_EXISTS_EXCEPTION,
                "An api-destination '" + name + "' already exists.");
    }

    static ServiceException concurrentModification(String what) {
        return new ServiceException(
                EventsApi.Errors.CONCURRENT_MODIFICATION_EXCEPTION,
                what + " was modified by another request; try again.");
    }

    static ServiceException limitExceeded() {
        return new ServiceException(
                EventsApi.Errors.LIMIT_EXCEEDED_EXCEPTION,
                "The requested resource exceeds the maximum number allowed.");
    }

    static ServiceException invalidPattern(String reason) {
        return new ServiceException(
                EventsApi.Errors.INVALID_EVENT_PATTERN_EXCEPTION,
                "Event pattern is not valid. Reason: " + reason);
    }

    static ServiceException policyTooLong() {
        return new ServiceException(
                EventsApi.Errors.POLICY_LENGTH_EXCEEDED_EXCEPTION,
                "The policy of the event bus is longer than "
                        + EventsLimits.POLICY_BYTES_MAX
                        + " bytes.");
    }

    /// @throws ServiceException `ValidationException` when the text is not an ARN
    static Arn arn(String text) {
        return Arn.parse(text).orElseThrow(() -> invalidArn(text));
    }

    static ServiceException invalidArn(String arn) {
        return validation(
                "Parameter "
                        + arn
                        + " is not valid. Reason: Provided Arn is not in correct format.");
    }

    static ServiceException entriesTooLarge() {
        return validation("Total size of the entries in the request is over the limit.");
    }

    static ServiceException eventSourceNotFound(String name) {
        return notFound("Event source " + name + " does not exist.");
    }

    static ServiceException eventSourceOrBusNotFound(String name) {
        return notFound("Event source " + name + " or event bus " + name + " does not exist.");
    }

    static ServiceException eventSourceExists(String name) {
        return new ServiceException(
                EventsApi.Errors.RESOURCE_ALREADY_EXISTS_EXCEPTION,
                "Event source " + name + " already exists.");
    }

    static ServiceException invalidState(StoredEventSource source) {
        return new ServiceException(
                EventsApi.Errors.INVALID_STATE_EXCEPTION,
                "Event source " + source.name() + " is in state " + source.state() + ".");
    }

    static ServiceException accessDenied(String message) {
        return new ServiceException(EventsApi.Errors.ACCESS_DENIED_EXCEPTION, message);
    }

    static ServiceException crossRegion() {
        return validation("Cross-region API call is not allowed.");
    }

    static ServiceException endpointNotFound(String name) {
        return notFound("Endpoint " + name + " does not exist.");
    }

    static ServiceException endpointExists(String name) {
        return new ServiceException(
                EventsApi.Errors.RESOURCE_ALREADY_EXISTS_EXCEPTION,
                "Endpoint " + name + " already exists.");
    }
}
