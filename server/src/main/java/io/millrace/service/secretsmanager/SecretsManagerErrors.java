package io.millrace.service.secretsmanager;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.secretsmanager.SecretsmanagerApi.Errors;
import io.millrace.wire.ServiceException;

import java.util.List;

/// Secrets Manager's refusals, in its words as far as they are known. None tells a secret.
final class SecretsManagerErrors {
    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationException", 400);
    private static final ErrorModel ACCESS_DENIED = ErrorModel.of("AccessDeniedException", 400);

    private SecretsManagerErrors() {}

    static ServiceException constraints(List<String> violations) {
        return validation(Constraints.message(violations));
    }

    static ServiceException validation(String message) {
        return new ServiceException(VALIDATION, message);
    }

    static ServiceException invalidParameter(String message) {
        return new ServiceException(Errors.INVALID_PARAMETER_EXCEPTION, message);
    }

    static ServiceException invalidRequest(String message) {
        return new ServiceException(Errors.INVALID_REQUEST_EXCEPTION, message);
    }

    static ServiceException invalidName() {
        return validation(
                "Invalid name. Must be a valid name containing alphanumeric characters, or any of"
                        + " the following: -/_+=.@!");
    }

    static ServiceException tooLong(String member) {
        return constraints(
                List.of(
                        "Value at '"
                                + member
                                + "' failed to satisfy constraint: Member must have length less"
                                + " than or equal to "
                                + SecretsManagerLimits.VALUE_BYTES_MAX));
    }

    static ServiceException noToken() {
        return invalidRequest(
                "You must provide a ClientRequestToken value. We recommend a UUID-type value.");
    }

    static ServiceException noTokenForRotation() {
        return invalidParameter(
                "You must provide a ClientRequestToken value. We recommend a UUID-type value.");
    }

    static ServiceException noValue() {
        return invalidRequest("You must provide either SecretString or SecretBinary.");
    }

    static ServiceException twoValues() {
        return invalidParameter(
                "You can't specify both a binary secret value and a string secret value in the"
                        + " same secret.");
    }

    static ServiceException notFound() {
        return notFound("Secrets Manager can't find the specified secret.");
    }

    static ServiceException versionNotFound(String versionId) {
        return notFound(
                "Secrets Manager can't find the specified secret value for VersionId: "
                        + versionId);
    }

    static ServiceException labelNotFound(String label) {
        return notFound(
                "Secrets Manager can't find the specified secret value for staging label: "
                        + label);
    }

    private static ServiceException notFound(String message) {
        return new ServiceException(Errors.RESOURCE_NOT_FOUND_EXCEPTION, message);
    }

    static ServiceException otherVersion() {
        return invalidRequest(
                "You provided a VersionStage that is not associated to the provided VersionId.");
    }

    static ServiceException exists(String name) {
        return new ServiceException(
                Errors.RESOURCE_EXISTS_EXCEPTION,
                "The operation failed because the secret " + name + " already exists.");
    }

    static ServiceException versionExists() {
        return new ServiceException(
                Errors.RESOURCE_EXISTS_EXCEPTION,
                "A resource with the ID you requested already exists.");
    }

    static ServiceException nameIsScheduledForDeletion() {
        return invalidRequest(
                "You can't create this secret because a secret with this name is already scheduled"
                        + " for deletion.");
    }

    static ServiceException markedForDeletion() {
        return invalidRequest(
                "You can't perform this operation on the secret because it was marked for"
                        + " deletion.");
    }

    static ServiceException alreadyMarkedForDeletion() {
        return invalidRequest(
                "You can't perform this operation on the secret because it was already scheduled"
                        + " for deletion.");
    }

    static ServiceException onReplica() {
        return invalidRequest(
                "Operation not permitted on a replica secret. Call must be made in primary"
                        + " secret's region.");
    }

    static ServiceException limitExceeded(String what, int max) {
        return new ServiceException(
                Errors.LIMIT_EXCEEDED_EXCEPTION,
                "The request failed because it would exceed the quota of "
                        + max
                        + " "
                        + what
                        + ".");
    }

    static ServiceException invalidToken() {
        return new ServiceException(
                Errors.INVALID_NEXT_TOKEN_EXCEPTION, "The NextToken value is invalid.");
    }

    static ServiceException malformedPolicy(String why) {
        return new ServiceException(
                Errors.MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                "This resource policy is not valid: " + why);
    }

    static ServiceException publicPolicy() {
        return new ServiceException(
                Errors.PUBLIC_POLICY_EXCEPTION,
                "The BlockPublicPolicy parameter is set to true, and the resource policy did not"
                        + " prevent broad access to the secret.");
    }

    static ServiceException accessDenied(String message) {
        return new ServiceException(ACCESS_DENIED, message);
    }

    static ServiceException cannotInvoke() {
        return accessDenied(
                "Secrets Manager cannot invoke the specified Lambda function. Ensure that the"
                        + " function policy grants access to the principal"
                        + " secretsmanager.amazonaws.com.");
    }
}
