package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.RemoveRegionsFromReplicationRequest;
import io.millrace.api.secretsmanager.RemoveRegionsFromReplicationResponse;
import io.millrace.api.secretsmanager.ReplicaRegionType;
import io.millrace.api.secretsmanager.ReplicateSecretToRegionsRequest;
import io.millrace.api.secretsmanager.ReplicateSecretToRegionsResponse;
import io.millrace.api.secretsmanager.ReplicationStatusType;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.secretsmanager.StoredSecret.StoredReplica;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `ReplicateSecretToRegions` and `RemoveRegionsFromReplication`. The regions are those of this
/// server, and share its store: a replica is a record that leads to its primary, so it is there
/// with the answer and never behind. Errors: `InvalidParameterException`,
/// `InvalidRequestException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html).
final class Replication {
    private static final String DEFAULT_KEY = "alias/aws/secretsmanager";

    private final Store store;
    private final InstantSource clock;
    private final SecretRecords records;

    Replication(Store store, InstantSource clock, SecretRecords records) {
        this.store = store;
        this.clock = clock;
        this.records = records;
    }

    ReplicateSecretToRegionsResponse replicate(
            Caller caller, ReplicateSecretToRegionsRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        boolean force = Boolean.TRUE.equals(request.forceOverwriteReplicaSecret());
        return store.write(tx -> {
            Secret secret = records.requireChangeable(tx, caller, id);
            check(secret.name(), request.addReplicaRegions());
            Secret replicated = add(tx, secret, request.addReplicaRegions(), force);
            return new ReplicateSecretToRegionsResponse(
                    replicated.arn().toString(), status(tx, replicated));
        });
    }

    RemoveRegionsFromReplicationResponse remove(
            Caller caller, RemoveRegionsFromReplicationRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        return store.write(tx -> {
            Secret secret = records.requireChangeable(tx, caller, id);
            Secret left = secret;
            for (String region : request.removeReplicaRegions()) {
                left = remove(tx, left, region);
            }
            return new RemoveRegionsFromReplicationResponse(
                    left.arn().toString(), Optional.ofNullable(status(tx, left)).orElse(List.of()));
        });
    }

    /// @throws io.millrace.wire.ServiceException `InvalidParameterException` for a region that
    ///   cannot be one
    void check(SecretName name, List<ReplicaRegionType> regions) {
        if (regions.size() > SecretsManagerLimits.REPLICAS_MAX) {
            throw SecretsManagerErrors.invalidParameter("There are too many replica regions.");
        }
        for (ReplicaRegionType region : regions) {
            if (region.region() == null || region.region().equals(name.region())) {
                throw SecretsManagerErrors.invalidParameter("Invalid replica region.");
            }
        }
    }

    /// Adds replicas to a primary; what cannot be added stands in its status.
    Secret add(Transaction tx, Secret secret, List<ReplicaRegionType> regions, boolean force) {
        Map<String, StoredReplica> replicas = new TreeMap<>();
        secret.own().replicas().forEach(replica -> replicas.put(replica.region(), replica));
        for (ReplicaRegionType region : regions) {
            String name = String.valueOf(region.region());
            replicas.put(name, add(tx, secret, name, region.kmsKeyId(), force));
        }
        return put(tx, secret, new ArrayList<>(replicas.values()));
    }

    private StoredReplica add(
            Transaction tx, Secret secret, String region, @Nullable String key, boolean force) {
        SecretName name = secret.name().in(region);
        Optional<Secret> there = records.find(tx, name);
        if (there.isPresent() && there.get().own().id() != secret.own().id()) {
            boolean alone = !there.get().isReplica() && there.get().own().replicas().isEmpty();
            if (!force || !alone) {
                String failure =
                        "Replication failed: Secret name "
                                + name.name()
                                + " already exists in region "
                                + region
                                + ".";
                return new StoredReplica(region, key, failure);
            }
            records.remove(tx, name, there.get().own());
            records.removeVersions(tx, there.get().own().id());
        }
        there.filter(found -> found.own().id() == secret.own().id())
                .ifPresent(found -> records.remove(tx, name, found.own()));
        StoredSecret replica =
                new StoredSecret(
                        name.name(),
                        secret.own().suffix(),
                        secret.own().id(),
                        null,
                        key,
                        null,
                        clock.millis(),
                        clock.millis(),
                        null,
                        null,
                        Map.of(),
                        null,
                        null,
                        null,
                        secret.name().region(),
                        List.of());
        records.put(tx, name, replica);
        return new StoredReplica(region, key, null);
    }

    /// @throws io.millrace.wire.ServiceException `InvalidParameterException` when there is none
    private Secret remove(Transaction tx, Secret secret, String region) {
        StoredReplica replica =
                secret.own().replicas().stream()
                        .filter(each -> each.region().equals(region))
                        .findFirst()
                        .orElseThrow(() ->
                                SecretsManagerErrors.invalidParameter(
                                        "The secret is not replicated to region " + region + "."));
        if (replica.failure() == null) {
            SecretName name = secret.name().in(region);
            records.find(tx, name).ifPresent(found -> records.remove(tx, name, found.own()));
        }
        return without(tx, secret, region);
    }

    /// The primary, no longer with that region.
    Secret without(Transaction tx, Secret primary, String region) {
        List<StoredReplica> left =
                primary.own().replicas().stream()
                        .filter(each -> !each.region().equals(region))
                        .toList();
        return put(tx, primary, left);
    }

    private Secret put(Transaction tx, Secret secret, List<StoredReplica> replicas) {
        StoredSecret changed =
                secret.own()
                        .change()
                        .replicas(replicas)
                        .primaryRegion(replicas.isEmpty() ? null : secret.name().region())
                        .done();
        records.put(tx, secret.name(), changed);
        return secret.with(changed);
    }

    /// How it is with a primary's replicas; null when it has none.
    @Nullable List<ReplicationStatusType> status(Snapshot snapshot, Secret secret) {
        Map<String, Long> accessed = new TreeMap<>();
        for (StoredReplica replica : secret.own().replicas()) {
            if (replica.failure() == null) {
                records.find(snapshot, secret.name().in(replica.region()))
                        .map(found -> found.own().accessedDay())
                        .ifPresent(day -> accessed.put(replica.region(), day));
            }
        }
        return status(secret, accessed);
    }

    /// @param accessed the days on which replicas were last read, by region
    static @Nullable List<ReplicationStatusType> status(Secret secret, Map<String, Long> accessed) {
        List<ReplicationStatusType> status = new ArrayList<>();
        for (StoredReplica replica : secret.own().replicas()) {
            String key = replica.kmsKeyId();
            status.add(
                    ReplicationStatusType.builder()
                            .region(replica.region())
                            .kmsKeyId(key == null ? DEFAULT_KEY : key)
                            .status(replica.failure() == null ? "InSync" : "Failed")
                            .statusMessage(replica.failure())
                            .lastAccessedDate(Secret.day(accessed.get(replica.region())))
                            .build());
        }
        return status.isEmpty() ? null : status;
    }
}
