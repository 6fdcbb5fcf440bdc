package io.millrace.service.sns;

import io.millrace.api.ErrorModel;
import io.millrace.api.sns.SnsApi;
import io.millrace.wire.ServiceException;

import java.util.List;

/// Every refusal of SNS, in AWS's words.
final class SnsErrors {

    private SnsErrors() {}

    static ServiceException topicNotFound() {
        return new ServiceException(SnsApi.Errors.NOT_FOUND_EXCEPTION, "Topic does not exist");
    }

    static ServiceException subscriptionNotFound() {
        return new ServiceException(
                SnsApi.Errors.NOT_FOUND_EXCEPTION, "Subscription does not exist");
    }

    static ServiceException resourceNotFound() {
        return new ServiceException(
                SnsApi.Errors.RESOURCE_NOT_FOUND_EXCEPTION, "Resource does not exist");
    }

    static ServiceException invalidParameter(String what) {
        return new ServiceException(
                SnsApi.Errors.INVALID_PARAMETER_EXCEPTION, "Invalid parameter: " + what);
    }

    static ServiceException invalidParameter(String name, String reason) {
        return invalidParameter(name + " Reason: " + reason);
    }

    /// For the messages that AWS words without its usual beginning.
    static ServiceException invalid(String message) {
        return new ServiceException(SnsApi.Errors.INVALID_PARAMETER_EXCEPTION, message);
    }

    static ServiceException denied() {
        return new ServiceException(
                SnsApi.Errors.AUTHORIZATION_ERROR_EXCEPTION,
                "The topic's data protection policy denies this message");
    }

    static ServiceException invalidState(String what) {
        return new ServiceException(
                SnsApi.Errors.INVALID_STATE_EXCEPTION, "Invalid state: " + what);
    }

    static ServiceException malformedArn(String name, String arn) {
        int elementCount = arn.split(":", -1).length;
        return invalidParameter(name, "An ARN must have at least 6 elements, not " + elementCount);
    }

    static ServiceException invalidAttributeValue(String message) {
        return new ServiceException(SnsApi.Errors.INVALID_PARAMETER_VALUE_EXCEPTION, message);
    }

    static ServiceException notAuthorized(String principal, String action, String resource) {
        return denied(
                principal,
                action,
                resource,
                " because no resource-based policy allows the SNS:" + action + " action");
    }

    static ServiceException explicitlyDenied(String principal, String action, String resource) {
        return denied(
                principal, action, resource, " with an explicit deny in a resource-based policy");
    }

    private static ServiceException denied(
            String principal, String action, String resource, String reason) {
        return new ServiceException(
                SnsApi.Errors.AUTHORIZATION_ERROR_EXCEPTION,
                "User: "
                        + principal
                        + " is not authorized to perform: SNS:"
                        + action
                        + " on resource: "
                        + resource
                        + reason);
    }

    static ServiceException subscriptionLimitExceeded() {
        return new ServiceException(
                SnsApi.Errors.SUBSCRIPTION_LIMIT_EXCEEDED_EXCEPTION, "Subscription limit exceeded");
    }

    static ServiceException filterPolicyLimitExceeded() {
        return new ServiceException(
                SnsApi.Errors.FILTER_POLICY_LIMIT_EXCEEDED_EXCEPTION,
                "Filter policy limit exceeded");
    }

    static ServiceException tooManyTags() {
        return new ServiceException(
                SnsApi.Errors.TAG_LIMIT_EXCEEDED_EXCEPTION,
                "Could not complete request: tag quota of per resource exceeded");
    }

    static ServiceException emptyBatch() {
        return new ServiceException(
                SnsApi.Errors.EMPTY_BATCH_REQUEST_EXCEPTION,
                "The batch request doesn't contain any entries.");
    }

    static ServiceException tooManyEntries() {
        return new ServiceException(
                SnsApi.Errors.TOO_MANY_ENTRIES_IN_BATCH_REQUEST_EXCEPTION,
                "The batch request contains more entries than permissible.");
    }

    static ServiceException entryIdsNotDistinct() {
        return new ServiceException(
                SnsApi.Errors.BATCH_ENTRY_IDS_NOT_DISTINCT_EXCEPTION,
                "Two or more batch entries in the request have the same Id.");
    }

    static ServiceException invalidEntryId(String why) {
        return new ServiceException(
                SnsApi.Errors.INVALID_BATCH_ENTRY_ID_EXCEPTION,
                "The Id of a batch entry in the batch request " + why);
    }

    static ServiceException batchTooLong() {
        return new ServiceException(
                SnsApi.Errors.BATCH_REQUEST_TOO_LONG_EXCEPTION,
                "The length of all the messages put together is more than the limit.");
    }

    static ServiceException notFound(String message) {
        return new ServiceException(SnsApi.Errors.NOT_FOUND_EXCEPTION, message);
    }

    static ServiceException noEndpoint() {
        return invalidParameter("TargetArn", "No endpoint found for the target arn specified");
    }

    static ServiceException endpointDisabled() {
        return new ServiceException(
                SnsApi.Errors.ENDPOINT_DISABLED_EXCEPTION, "Endpoint is disabled");
    }

    static ServiceException applicationDisabled() {
        return new ServiceException(
                SnsApi.Errors.PLATFORM_APPLICATION_DISABLED_EXCEPTION,
                "Platform application is disabled");
    }

    static ServiceException optedOut() {
        return new ServiceException(
                SnsApi.Errors.OPTED_OUT_EXCEPTION, "The phone number is opted out.");
    }

    static ServiceException userError(String message) {
        return new ServiceException(SnsApi.Errors.USER_ERROR_EXCEPTION, message);
    }

    static ServiceException verification() {
        return new ServiceException(
                SnsApi.Errors.VERIFICATION_EXCEPTION,
                "The one-time password is invalid or has expired.");
    }

    /// For what AWS has and we do not yet: never a pretended success.
    static ServiceException notImplemented(String what) {
        return new ServiceException(
                ErrorModel.of("NotImplemented", 501),
                "Millrace does not implement " + what + " in sns yet.");
    }

    static ServiceException constraints(List<String> violations) {
        int count = violations.size();
        return new ServiceException(
                ErrorModel.of("ValidationError", 400),
                count
                        + (count == 1
                                ? " validation error detected: "
                                : " validation errors detected: ")
                        + String.join("; ", violations));
    }
}
