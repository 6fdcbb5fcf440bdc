package io.millrace.service.kms;

import io.millrace.api.Shape;
import io.millrace.api.kms.CreateGrantRequest;
import io.millrace.api.kms.DecryptRequest;
import io.millrace.api.kms.EncryptRequest;
import io.millrace.api.kms.GenerateDataKeyPairRequest;
import io.millrace.api.kms.GenerateDataKeyPairWithoutPlaintextRequest;
import io.millrace.api.kms.GenerateDataKeyRequest;
import io.millrace.api.kms.GenerateDataKeyWithoutPlaintextRequest;
import io.millrace.api.kms.ReEncryptRequest;
import io.millrace.api.kms.ReplicateKeyRequest;
import io.millrace.api.kms.UpdatePrimaryRegionRequest;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Requested;
import io.millrace.wire.Resources;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// What is told of keys before an operation runs: which key an alias or a ciphertext means, its
/// policy, which nobody has access without, and its tags. The caller's grants stand there as
/// policies that say the same.
record KeyResources(Store store, Keys keys, Grants grants) implements Resources {

    @Override
    public String arn(Caller caller, String name) {
        return store.<Optional<String>>read(
                        snapshot -> {
                            try {
                                return keys.named(
                                                snapshot, caller.accountId(), caller.region(), name)
                                        .map(KeyName::arn);
                            } catch (ServiceException _) { // the operation will say so
                                return Optional.empty();
                            }
                        })
                .orElse(name);
    }

    /// What is not there the operation refuses, and the key of a service it makes.
    @Override
    public boolean needsItsPolicy(String arn) {
        return read(arn, false, (_, _) -> true);
    }

    @Override
    public List<String> policies(Caller caller, String arn) {
        return read(
                arn,
                List.of(),
                (snapshot, key) -> {
                    List<String> policies = new ArrayList<>();
                    policies.add(key.policy());
                    for (String principal : Grants.principals(caller)) {
                        grants.to(snapshot, key.name(), principal).stream()
                                .filter(grant -> !grant.granteeIsService())
                                .map(GrantPolicy::of)
                                .forEach(policies::add);
                    }
                    return policies;
                });
    }

    @Override
    public boolean decidesAcrossAccounts() {
        return true;
    }

    @Override
    public Map<String, String> tags(Caller caller, String arn) {
        return read(arn, Map.of(), (_, key) -> key.tags());
    }

    @Override
    public @Nullable String implied(Caller caller, String operation, Shape input) {
        byte[] ciphertext =
                switch (input) {
                    case DecryptRequest decrypt -> decrypt.ciphertextBlob();
                    case ReEncryptRequest encrypt -> encrypt.ciphertextBlob();
                    default -> null;
                };
        if (ciphertext == null) {
            return null;
        }
        try {
            return Ciphertext.parse(ciphertext).key(caller.region()).arn();
        } catch (ServiceException _) { // the operation will say so
            return null;
        }
    }

    /// Of a new primary key the replica that becomes it.
    @Override
    public List<Requested> requested(Caller caller, String operation, Shape input) {
        if (!(input instanceof UpdatePrimaryRegionRequest request)) {
            return Resources.super.requested(caller, operation, input);
        }
        String region = request.primaryRegion();
        return Arn.parse(arn(caller, request.keyId()))
                .map(key -> Arn.of(KeyName.SERVICE, region, key.accountId(), key.resource()))
                .map(replica ->
                        new Requested(
                                "kms:" + operation,
                                replica.toString(),
                                Map.of("kms:primaryregion", List.of(region))))
                .stream()
                .toList();
    }

    @Override
    public Map<String, List<String>> context(
            Caller caller, String operation, Shape input, Requested requested) {
        if (input instanceof ReplicateKeyRequest request && requested.resource().equals("*")) {
            return replica(caller, request);
        }
        return read(
                requested.resource(),
                Map.of(),
                (snapshot, key) -> {
                    Map<String, List<String>> context = KeyPermission.context(caller, key);
                    Predicate<StoredGrant> covers = covers(input, requested.action());
                    context.put(
                            GrantPolicy.COVERING.toLowerCase(Locale.ROOT),
                            grants.ids(snapshot, caller, key, covers));
                    return context;
                });
    }

    /// What is known of a key that there will be, from the one that it is to be like.
    private Map<String, List<String>> replica(Caller caller, ReplicateKeyRequest request) {
        return read(
                arn(caller, request.keyId()),
                Map.of(),
                (_, primary) -> {
                    Map<String, List<String>> context = KeyPermission.context(caller, primary);
                    context.put("kms:multiregionkeytype", List.of("REPLICA"));
                    return context;
                });
    }

    private static Predicate<StoredGrant> covers(Shape input, String action) {
        if (input instanceof CreateGrantRequest request) {
            return grant -> grant.covers(request);
        }
        Map<String, String> context = encryptionContext(input, action);
        return grant -> grant.covers(context == null ? Map.of() : context);
    }

    private static @Nullable Map<String, String> encryptionContext(Shape input, String action) {
        return switch (input) {
            case EncryptRequest request -> request.encryptionContext();
            case DecryptRequest request -> request.encryptionContext();
            case GenerateDataKeyRequest request -> request.encryptionContext();
            case GenerateDataKeyWithoutPlaintextRequest request -> request.encryptionContext();
            case GenerateDataKeyPairRequest request -> request.encryptionContext();
            case GenerateDataKeyPairWithoutPlaintextRequest request -> request.encryptionContext();
            case ReEncryptRequest request ->
                    action.equals("kms:ReEncryptFrom")
                            ? request.sourceEncryptionContext()
                            : request.destinationEncryptionContext();
            default -> null;
        };
    }

    @FunctionalInterface
    private interface Reading<T> {
        T of(Snapshot snapshot, StoredKey key);
    }

    private <T> T read(String arn, T otherwise, Reading<T> reading) {
        Optional<KeyName> name =
                Arn.parse(arn)
                        .filter(each -> each.resource().startsWith(KeyName.PREFIX))
                        .map(each ->
                                new KeyName(
                                        each.accountId(),
                                        each.region(),
                                        each.resource().substring(KeyName.PREFIX.length())));
        return name.<T>flatMap(each ->
                        store.<Optional<T>>read(snapshot ->
                                keys.find(snapshot, each).map(key -> reading.of(snapshot, key))))
                .orElse(otherwise);
    }
}
