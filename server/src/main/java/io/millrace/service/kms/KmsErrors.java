package io.millrace.service.kms;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.kms.KmsApi;
import io.millrace.policy.Decision;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;

import java.util.List;

/// KMS's refusals, in its words.
final class KmsErrors {
    private static final ErrorModel VALIDATION = ErrorModel.of("ValidationException", 400);
    private static final ErrorModel ACCESS_DENIED = ErrorModel.of("AccessDeniedException", 400);
    private static final ErrorModel NOT_AUTHORIZED = ErrorModel.of("NotAuthorizedException", 400);
    private static final ErrorModel NOT_IMPLEMENTED = ErrorModel.of("NotImplemented", 501);

    private KmsErrors() {}

    static ServiceException constraints(List<String> violations) {
        return validation(Constraints.message(violations));
    }

    static ServiceException validation(String message) {
        return new ServiceException(VALIDATION, message);
    }

    static ServiceException notFound(String message) {
        return new ServiceException(KmsApi.Errors.NOT_FOUND_EXCEPTION, message);
    }

    static ServiceException keyNotFound(KeyName name) {
        return notFound("Key '" + name.arn() + "' does not exist");
    }

    static ServiceException aliasNotFound(String arn) {
        return notFound("Alias " + arn + " is not found.");
    }

    static ServiceException invalidKeyId(String keyId) {
        return notFound("Invalid keyId '" + keyId + "'");
    }

    static ServiceException invalidArn(String message) {
        return new ServiceException(KmsApi.Errors.INVALID_ARN_EXCEPTION, message);
    }

    static ServiceException invalidMarker() {
        return new ServiceException(
                KmsApi.Errors.INVALID_MARKER_EXCEPTION, "Could not deserialize NextMarker.");
    }

    static ServiceException disabled(String arn) {
        return new ServiceException(KmsApi.Errors.DISABLED_EXCEPTION, arn + " is disabled.");
    }

    static ServiceException state(String message) {
        return new ServiceException(KmsApi.Errors.KMS_INVALID_STATE_EXCEPTION, message);
    }

    static ServiceException usage(StoredKey key, String operation) {
        return invalidUsage(
                key.arn()
                        + " key usage is "
                        + key.usage()
                        + " which is not valid for "
                        + operation
                        + ".");
    }

    static ServiceException algorithm(String algorithm, KeySpec spec) {
        return invalidUsage(
                "Algorithm " + algorithm + " is incompatible with key spec " + spec + ".");
    }

    private static ServiceException invalidUsage(String message) {
        return new ServiceException(KmsApi.Errors.INVALID_KEY_USAGE_EXCEPTION, message);
    }

    static ServiceException unsupported(String message) {
        return new ServiceException(KmsApi.Errors.UNSUPPORTED_OPERATION_EXCEPTION, message);
    }

    static ServiceException origin(StoredKey key) {
        return unsupported(
                key.arn()
                        + " origin is "
                        + key.origin()
                        + " which is not valid for this operation.");
    }

    static ServiceException spec(StoredKey key) {
        return unsupported(
                key.arn()
                        + " key spec is "
                        + key.spec()
                        + " which is not valid for this operation.");
    }

    /// AWS says nothing more.
    static ServiceException invalidCiphertext() {
        return new ServiceException(KmsApi.Errors.INVALID_CIPHERTEXT_EXCEPTION, "");
    }

    /// AWS says nothing more.
    static ServiceException invalidSignature() {
        return new ServiceException(KmsApi.Errors.KMS_INVALID_SIGNATURE_EXCEPTION, "");
    }

    /// AWS says nothing more.
    static ServiceException invalidMac() {
        return new ServiceException(KmsApi.Errors.KMS_INVALID_MAC_EXCEPTION, "");
    }

    static ServiceException incorrectKey() {
        return new ServiceException(
                KmsApi.Errors.INCORRECT_KEY_EXCEPTION,
                "The key ID in the request does not identify a CMK that can perform this"
                        + " operation.");
    }

    /// What a ciphertext of a key gets that is not here any more.
    static ServiceException unknownCiphertextKey() {
        return new ServiceException(
                ACCESS_DENIED,
                "The ciphertext refers to a customer master key that does not exist, does not"
                        + " exist in this region, or you are not allowed to access.");
    }

    static ServiceException dryRun() {
        return new ServiceException(
                KmsApi.Errors.DRY_RUN_OPERATION_EXCEPTION,
                "The request would have succeeded, but the DryRun option is set.");
    }

    static ServiceException limit(String message) {
        return new ServiceException(KmsApi.Errors.LIMIT_EXCEEDED_EXCEPTION, message);
    }

    static ServiceException aliasExists(String arn) {
        return new ServiceException(
                KmsApi.Errors.ALREADY_EXISTS_EXCEPTION,
                "An alias with the name " + arn + " already exists");
    }

    static ServiceException invalidAliasName(String message) {
        return new ServiceException(KmsApi.Errors.INVALID_ALIAS_NAME_EXCEPTION, message);
    }

    static ServiceException notAuthorized() {
        return new ServiceException(NOT_AUTHORIZED, "");
    }

    static ServiceException invalidGrantToken() {
        return new ServiceException(
                KmsApi.Errors.INVALID_GRANT_TOKEN_EXCEPTION, "The grant token is not valid.");
    }

    static ServiceException invalidPrincipal(String principal) {
        return invalidArn("ARN does not refer to a valid principal: " + principal);
    }

    static ServiceException grantNotFound(String grantId) {
        return notFound("Grant ID " + grantId + " not found");
    }

    static ServiceException malformedPolicy(String message) {
        return new ServiceException(KmsApi.Errors.MALFORMED_POLICY_DOCUMENT_EXCEPTION, message);
    }

    static ServiceException invalidImportToken() {
        return new ServiceException(
                KmsApi.Errors.INVALID_IMPORT_TOKEN_EXCEPTION, "The import token is not valid.");
    }

    static ServiceException expiredImportToken() {
        return new ServiceException(
                KmsApi.Errors.EXPIRED_IMPORT_TOKEN_EXCEPTION, "The import token has expired.");
    }

    static ServiceException incorrectMaterial(String message) {
        return new ServiceException(KmsApi.Errors.INCORRECT_KEY_MATERIAL_EXCEPTION, message);
    }

    static ServiceException keyExists(KeyName name) {
        return new ServiceException(
                KmsApi.Errors.ALREADY_EXISTS_EXCEPTION, "Key '" + name.arn() + "' already exists");
    }

    static ServiceException tag(String message) {
        return new ServiceException(KmsApi.Errors.TAG_EXCEPTION, message);
    }

    static ServiceException notImplemented(String what) {
        return new ServiceException(NOT_IMPLEMENTED, "Millrace does not implement " + what + ".");
    }

    static ServiceException denied(
            Caller caller, String action, String resource, Decision decision) {
        return new ServiceException(
                ACCESS_DENIED,
                "User: "
                        + caller.principalArn()
                        + " is not authorized to perform: "
                        + action
                        + " on resource: "
                        + resource
                        + (decision == Decision.EXPLICIT_DENY
                                ? " with an explicit deny in a resource-based policy"
                                : " because no resource-based policy allows the "
                                        + action
                                        + " action"));
    }

    static ServiceException deniedAcrossAccounts(Caller caller, String action, String resource) {
        return denied(caller, action, resource, Decision.IMPLICIT_DENY);
    }
}
