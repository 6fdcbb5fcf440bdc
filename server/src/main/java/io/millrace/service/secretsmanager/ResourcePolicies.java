package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.DeleteResourcePolicyRequest;
import io.millrace.api.secretsmanager.DeleteResourcePolicyResponse;
import io.millrace.api.secretsmanager.GetResourcePolicyRequest;
import io.millrace.api.secretsmanager.GetResourcePolicyResponse;
import io.millrace.api.secretsmanager.PutResourcePolicyRequest;
import io.millrace.api.secretsmanager.PutResourcePolicyResponse;
import io.millrace.api.secretsmanager.ValidateResourcePolicyRequest;
import io.millrace.api.secretsmanager.ValidateResourcePolicyResponse;
import io.millrace.api.secretsmanager.ValidationErrorsEntry;
import io.millrace.engine.Store;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;
import io.millrace.wire.Caller;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// `PutResourcePolicy`, `GetResourcePolicy`, `DeleteResourcePolicy` and `ValidateResourcePolicy`.
/// Errors: `MalformedPolicyDocumentException`, `PublicPolicyException`,
/// `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html).
final class ResourcePolicies {
    private final Store store;
    private final SecretRecords records;

    ResourcePolicies(Store store, SecretRecords records) {
        this.store = store;
        this.records = records;
    }

    PutResourcePolicyResponse put(Caller caller, PutResourcePolicyRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        String text = request.resourcePolicy();
        Policy policy = parse(text);
        if (Boolean.TRUE.equals(request.blockPublicPolicy()) && policy.grantsUnbounded()) {
            throw SecretsManagerErrors.publicPolicy();
        }
        return store.write(tx -> {
            Secret secret = records.requireChangeable(tx, caller, id);
            records.put(tx, secret.name(), secret.own().change().policy(text).done());
            return new PutResourcePolicyResponse(secret.arn().toString(), secret.own().name());
        });
    }

    GetResourcePolicyResponse get(Caller caller, GetResourcePolicyRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        Secret secret = store.read(snapshot -> records.requireLive(snapshot, caller, id));
        return new GetResourcePolicyResponse(
                secret.arn().toString(), secret.own().name(), secret.shared().policy());
    }

    DeleteResourcePolicyResponse delete(Caller caller, DeleteResourcePolicyRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        return store.write(tx -> {
            Secret secret = records.requireChangeable(tx, caller, id);
            if (secret.own().policy() != null) {
                records.put(tx, secret.name(), secret.own().change().policy(null).done());
            }
            return new DeleteResourcePolicyResponse(secret.arn().toString(), secret.own().name());
        });
    }

    ValidateResourcePolicyResponse validate(Caller caller, ValidateResourcePolicyRequest request) {
        if (request.secretId() != null) {
            SecretId id = SecretId.of(caller, request.secretId());
            store.read(snapshot -> records.requireLive(snapshot, caller, id));
        }
        Policy policy = parse(request.resourcePolicy());
        if (policy.grantsUnbounded()) {
            return new ValidateResourcePolicyResponse(
                    false,
                    List.of(
                            new ValidationErrorsEntry(
                                    "PUBLIC_POLICY",
                                    "The resource policy grants broad access to the secret.")));
        }
        return new ValidateResourcePolicyResponse(true, List.of());
    }

    /// What parses can be evaluated in full.
    private static Policy parse(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > SecretsManagerLimits.POLICY_BYTES_MAX) {
            throw SecretsManagerErrors.malformedPolicy(
                    "it has more than " + SecretsManagerLimits.POLICY_BYTES_MAX + " bytes.");
        }
        try {
            Policy policy = Policy.parse(text);
            for (String key : policy.conditionKeys()) {
                if (!Permission.knows(key)) {
                    throw SecretsManagerErrors.malformedPolicy(
                            "the condition key " + key + " is not supported.");
                }
            }
            return policy;
        } catch (PolicyException e) {
            throw SecretsManagerErrors.malformedPolicy(e.message());
        }
    }
}
