package io.millrace.service.kms;

import io.millrace.api.kms.ReplicateKeyRequest;
import io.millrace.api.kms.ReplicateKeyResponse;
import io.millrace.api.kms.Tag;
import io.millrace.engine.Transaction;
import io.millrace.policy.Policy;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `ReplicateKey`: the same key in another region of this server, with the same material and a
/// policy, tags and description of its own. One transaction, so it is there when this returns.
/// Errors: `AlreadyExistsException`, `KMSInvalidStateException`, `UnsupportedOperationException`.
/// Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html).
final class ReplicateKey implements Operation<ReplicateKeyRequest, ReplicateKeyResponse> {
    private final InstantSource clock;
    private final Keys keys;
    private final KeyCopies copies;

    ReplicateKey(InstantSource clock, Keys keys, KeyCopies copies) {
        this.clock = clock;
        this.keys = keys;
        this.copies = copies;
    }

    @Override
    public ReplicateKeyResponse handle(Caller caller, ReplicateKeyRequest request) {
        KeyAction action =
                KeyAction.of("ReplicateKey").with("kms:replicaregion", request.replicaRegion());
        StoredKey replica =
                keys.change(
                        caller,
                        request.keyId(),
                        action,
                        (tx, primary) -> replicate(tx, caller, primary, request));
        List<Tag> tags = new ArrayList<>();
        replica.tags().forEach((key, value) -> tags.add(new Tag(key, value)));
        return ReplicateKeyResponse.builder()
                .replicaKeyMetadata(KeyShapes.metadata(replica))
                .replicaPolicy(replica.policy())
                .replicaTags(tags)
                .build();
    }

    private StoredKey replicate(
            Transaction tx, Caller caller, StoredKey key, ReplicateKeyRequest request) {
        StoredKey.Replicas before = key.replicas();
        if (before == null) {
            throw KmsErrors.unsupported(key.arn() + " is not a multi-Region key.");
        }
        StoredKey primary = KeyCopies.requirePrimary(key).requireEnabled();
        String region = request.replicaRegion();
        KeyName name = key.name().in(region);
        if (keys.find(tx, name).isPresent()) {
            throw KmsErrors.keyExists(name);
        }
        List<String> others = new ArrayList<>(before.others());
        others.add(region);
        StoredKey.Replicas replicas = new StoredKey.Replicas(before.primaryRegion(), others);
        StoredKey replica = replica(caller, primary, request, replicas);
        keys.put(tx, replica);
        if (!primary.external()) {
            for (StoredMaterial material : primary.materials()) {
                byte[] sealed = Materials.require(tx, primary.name(), material.id());
                tx.put(KmsKeys.material(name, material.id()), sealed);
            }
        }
        StoredKey changed = primary.change().replicas(replicas).build();
        keys.put(tx, changed);
        copies.change(tx, changed, copy -> copy.change().replicas(replicas).build());
        return replica;
    }

    /// Imported material has to be imported into each copy.
    private StoredKey replica(
            Caller caller,
            StoredKey primary,
            ReplicateKeyRequest request,
            StoredKey.Replicas replicas) {
        String given = request.policy();
        List<StoredMaterial> materials =
                primary.external()
                        ? primary.materials().stream().map(StoredMaterial::gone).toList()
                        : primary.materials();
        StoredKey replica =
                primary.change()
                        .description(request.description() == null ? "" : request.description())
                        .tags(Tags.with(Map.of(), request.tags()))
                        .policy(
                                given == null
                                        ? KeyPermission.defaultPolicy(primary.accountId())
                                        : given)
                        .materials(materials)
                        .rotation(null)
                        .replicas(replicas)
                        .in(request.replicaRegion(), clock.millis());
        if (given != null) {
            Policy policy = KeyPermission.parse(given);
            if (!Boolean.TRUE.equals(request.bypassPolicyLockoutSafetyCheck())) {
                KeyPermission.checkLockout(caller, replica, policy);
            }
        }
        return replica;
    }
}
