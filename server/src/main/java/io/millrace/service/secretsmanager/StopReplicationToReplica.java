package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.StopReplicationToReplicaRequest;
import io.millrace.api.secretsmanager.StopReplicationToReplicaResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// `StopReplicationToReplica`: a replica becomes a secret of its own, with copies of its versions
/// that are sealed for it. Errors: `InvalidRequestException`, `ResourceNotFoundException`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_StopReplicationToReplica.html).
final class StopReplicationToReplica
        implements Operation<StopReplicationToReplicaRequest, StopReplicationToReplicaResponse> {
    private final Store store;
    private final Ids ids;
    private final SecretRecords records;
    private final SecretValues values;
    private final Versions versions;
    private final Replication replication;

    /// @param sealed null for a version without a value
    private record Copy(Versions.Version version, byte @Nullable [] sealed) {}

    private record Found(Secret replica, List<Copy> copies) {}

    StopReplicationToReplica(
            Store store,
            Ids ids,
            SecretRecords records,
            SecretValues values,
            Versions versions,
            Replication replication) {
        this.store = store;
        this.ids = ids;
        this.records = records;
        this.values = values;
        this.versions = versions;
        this.replication = replication;
    }

    @Override
    public StopReplicationToReplicaResponse handle(
            Caller caller, StopReplicationToReplicaRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        for (int i = 0; i < SecretsManagerLimits.TRIES_MAX; i++) {
            Found found = store.read(snapshot -> find(snapshot, caller, id));
            List<Copy> own = new ArrayList<>();
            for (Copy copy : found.copies) {
                own.add(new Copy(copy.version, sealedAnew(found.replica, copy)));
            }
            long newId = ids.number();
            boolean done =
                    store.write(tx -> {
                        Found now = find(tx, caller, id);
                        return isSame(found, now) && promote(tx, now.replica, newId, own);
                    });
            if (done) {
                return new StopReplicationToReplicaResponse(found.replica.arn().toString());
            }
        }
        throw new IllegalStateException("a secret gets new versions again and again");
    }

    private Found find(Snapshot snapshot, Caller caller, SecretId id) {
        Secret replica = records.requireLive(snapshot, caller, id);
        if (!replica.isReplica()) {
            throw SecretsManagerErrors.invalidRequest("The secret is not a replica.");
        }
        List<Copy> copies = new ArrayList<>();
        long secretId = replica.own().id();
        for (Versions.Version version : versions.all(snapshot, secretId)) {
            byte[] sealed = snapshot.get(SecretsManagerKeys.value(secretId, version.id()));
            copies.add(new Copy(version, sealed));
        }
        return new Found(replica, copies);
    }

    private byte @Nullable [] sealedAnew(Secret replica, Copy copy) {
        if (copy.sealed == null) {
            return null;
        }
        String versionId = copy.version.id();
        SecretValue value = values.open(replica.primaryArn().toString(), versionId, copy.sealed);
        return values.seal(replica.arn().toString(), versionId, value);
    }

    private static boolean isSame(Found before, Found now) {
        boolean same =
                before.replica.own().id() == now.replica.own().id()
                        && before.copies.size() == now.copies.size();
        for (int i = 0; same && i < before.copies.size(); i++) {
            Copy one = before.copies.get(i);
            Copy other = now.copies.get(i);
            same =
                    one.version.id().equals(other.version.id())
                            && (one.sealed == null) == (other.sealed == null);
        }
        return same;
    }

    private boolean promote(Transaction tx, Secret replica, long newId, List<Copy> copies) {
        for (Copy copy : copies) {
            String versionId = copy.version.id();
            tx.put(
                    SecretsManagerKeys.version(newId, versionId),
                    versions.encode(copy.version.stored()));
            if (copy.sealed != null) {
                tx.put(SecretsManagerKeys.value(newId, versionId), copy.sealed);
            }
        }
        StoredSecret shared = replica.shared();
        StoredSecret promoted =
                replica.own()
                        .change()
                        .description(shared.description())
                        .type(shared.type())
                        .policy(shared.policy())
                        .versions(shared.versions())
                        .primaryRegion(null)
                        .changedAt(shared.changedMillis())
                        .as(newId);
        if (shared.tags() != null) {
            promoted = promoted.change().tags(shared.tags()).done();
        }
        SecretName primaryName = replica.name().in(replica.primaryArn().region());
        replication.without(tx, new Secret(primaryName, shared, null), replica.name().region());
        records.put(tx, replica.name(), promoted);
        return true;
    }
}
