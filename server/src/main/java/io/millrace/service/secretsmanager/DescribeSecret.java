package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.DescribeSecretRequest;
import io.millrace.api.secretsmanager.DescribeSecretResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeSecret`: everything of a secret but its value, also when it is going to be deleted.
/// Error: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html).
final class DescribeSecret implements Operation<DescribeSecretRequest, DescribeSecretResponse> {
    private final Store store;
    private final SecretRecords records;
    private final Replication replication;

    DescribeSecret(Store store, SecretRecords records, Replication replication) {
        this.store = store;
        this.records = records;
        this.replication = replication;
    }

    @Override
    public DescribeSecretResponse handle(Caller caller, DescribeSecretRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        return store.read(snapshot -> response(snapshot, records.require(snapshot, caller, id)));
    }

    private DescribeSecretResponse response(Snapshot snapshot, Secret secret) {
        StoredSecret shared = secret.shared();
        StoredRotation rotation = shared.rotation();
        return DescribeSecretResponse.builder()
                .arn(secret.arn().toString())
                .name(secret.own().name())
                .type(shared.type())
                .description(shared.description())
                .kmsKeyId(secret.own().kmsKeyId())
                .rotationEnabled(rotation == null ? null : rotation.enabled())
                .rotationLambdaARN(rotation == null ? null : rotation.target())
                .rotationRules(rotation == null ? null : RotationRules.shape(rotation))
                .lastRotatedDate(rotation == null ? null : Secret.instant(rotation.rotatedMillis()))
                .nextRotationDate(rotation == null ? null : RotationRules.nextDate(rotation))
                .lastChangedDate(Secret.instant(shared.changedMillis()))
                .lastAccessedDate(Secret.day(secret.own().accessedDay()))
                .deletedDate(Secret.instant(shared.deletionMillis()))
                .tags(SecretTags.shapes(shared.tags()))
                .versionIdsToStages(
                        secret.versions().isEmpty() ? null : Labels.byVersion(secret.versions()))
                .createdDate(Secret.instant(secret.own().createdMillis()))
                .primaryRegion(shared.primaryRegion())
                .replicationStatus(secret.isReplica() ? null : replication.status(snapshot, secret))
                .build();
    }
}
