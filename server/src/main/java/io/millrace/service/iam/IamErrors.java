package io.millrace.service.iam;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.iam.IamApi;
import io.millrace.identity.Kind;
import io.millrace.wire.ServiceException;

import java.util.List;
import java.util.Locale;

/// IAM's refusals, in its words.
final class IamErrors {
    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationError", 400);

    private static final ErrorModel ACCESS_DENIED = ErrorModel.of("AccessDenied", 403);

    private IamErrors() {}

    static ServiceException constraints(List<String> violations) {
        return validation(Constraints.message(violations));
    }

    static ServiceException validation(String message) {
        return new ServiceException(VALIDATION, message);
    }

    static ServiceException accessDenied(String message) {
        return new ServiceException(ACCESS_DENIED, message);
    }

    static ServiceException invalidInput(String message) {
        return new ServiceException(IamApi.Errors.INVALID_INPUT_EXCEPTION, message);
    }

    static ServiceException notImplemented(String what) {
        return new ServiceException(
                ErrorModel.of("NotImplemented", 501), "Millrace does not implement " + what + ".");
    }

    static ServiceException malformedPolicy(String message) {
        return new ServiceException(IamApi.Errors.MALFORMED_POLICY_DOCUMENT_EXCEPTION, message);
    }

    static ServiceException noSuchEntity(String message) {
        return new ServiceException(IamApi.Errors.NO_SUCH_ENTITY_EXCEPTION, message);
    }

    static ServiceException notFound(Kind kind, String name) {
        return noSuchEntity(
                kind == Kind.INSTANCE_PROFILE
                        ? "Instance Profile " + name + " cannot be found."
                        : "The " + kind.word() + " with name " + name + " cannot be found.");
    }

    static ServiceException inlinePolicyNotFound(Kind kind, String name) {
        return noSuchEntity(
                "The " + kind.word() + " policy with name " + name + " cannot be found.");
    }

    static ServiceException policyNotFound(String arn) {
        return noSuchEntity("Policy " + arn + " was not found.");
    }

    static ServiceException notAttachable(String arn) {
        return noSuchEntity("Policy " + arn + " does not exist or is not attachable.");
    }

    static ServiceException versionNotFound(String arn, String version) {
        return noSuchEntity(
                "Policy " + arn + " version " + version + " does not exist or is not attachable.");
    }

    static ServiceException invalidAuthenticationCode() {
        return new ServiceException(
                IamApi.Errors.INVALID_AUTHENTICATION_CODE_EXCEPTION,
                "Authentication code for device is not valid.");
    }

    static ServiceException accessKeyNotFound(String id) {
        return noSuchEntity("The Access Key with id " + id + " cannot be found.");
    }

    static ServiceException exists(Kind kind, String name) {
        return alreadyExists(
                switch (kind) {
                    case USER, GROUP, ROLE ->
                            capital(kind) + " with name " + name + " already exists.";
                    case POLICY ->
                            "A policy called "
                                    + name
                                    + " already exists. Duplicate names are not allowed.";
                    case INSTANCE_PROFILE -> "Instance Profile " + name + " already exists.";
                });
    }

    static ServiceException alreadyExists(String message) {
        return new ServiceException(IamApi.Errors.ENTITY_ALREADY_EXISTS_EXCEPTION, message);
    }

    static ServiceException deleteConflict(String message) {
        return new ServiceException(IamApi.Errors.DELETE_CONFLICT_EXCEPTION, message);
    }

    /// @param quota as `UsersPerAccount`
    static ServiceException quota(String quota, int max) {
        return limit("Cannot exceed quota for " + quota + ": " + max);
    }

    static ServiceException limit(String message) {
        return new ServiceException(IamApi.Errors.LIMIT_EXCEEDED_EXCEPTION, message);
    }

    static ServiceException unmodifiable(String message) {
        return new ServiceException(IamApi.Errors.UNMODIFIABLE_ENTITY_EXCEPTION, message);
    }

    /// `User` of `USER`.
    static String capital(Kind kind) {
        return kind.name().charAt(0) + kind.name().substring(1).toLowerCase(Locale.ROOT);
    }
}
