package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.SecretsmanagerApi;
import io.millrace.api.secretsmanager.SecretsmanagerApi.Errors;
import io.millrace.delivery.Targets;
import io.millrace.engine.Store;
import io.millrace.secret.Secrets;
import io.millrace.wire.Ids;
import io.millrace.wire.Service;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// AWS Secrets Manager: its operation table, and what deletes and rotates secrets at their time.
public final class SecretsManager implements AutoCloseable {
    private final SecretTimers timers;
    private final Service service;

    /// @param random must not be guessed
    /// @param queues whom a rotation can be told
    public SecretsManager(
            Store store,
            InstantSource clock,
            Ids ids,
            RandomGenerator random,
            Secrets secrets,
            Targets queues) {
        SecretRecords records = new SecretRecords();
        SecretValues values = new SecretValues(secrets);
        Versions versions = new Versions(clock, records);
        ValueReader reader = new ValueReader(store, clock, records, values, versions);
        ValueWriter writer = new ValueWriter(store, records, values);
        Replication replication = new Replication(store, clock, records);
        ResourcePolicies policies = new ResourcePolicies(store, records);
        SecretTags tags = new SecretTags(store, records);
        SecretPages pages = new SecretPages(records);
        this.timers = new SecretTimers(store, clock);
        Rotations rotations = new Rotations(clock, ids, records, versions, timers, queues);
        this.service =
                Service.of(
                                SecretsmanagerApi.MODEL,
                                SecretsManagerLimits.BODY_BYTES_MAX,
                                SecretsManagerErrors::constraints)
                        .messageName("Message")
                        .internalError(Errors.INTERNAL_SERVICE_ERROR)
                        .resources(new SecretResources(store, records))
                        .handle(
                                SecretsmanagerApi.CREATE_SECRET,
                                new CreateSecret(
                                        store,
                                        clock,
                                        ids,
                                        random,
                                        records,
                                        values,
                                        versions,
                                        replication))
                        .handle(SecretsmanagerApi.GET_SECRET_VALUE, new GetSecretValue(reader))
                        .handle(
                                SecretsmanagerApi.BATCH_GET_SECRET_VALUE,
                                new BatchGetSecretValue(store, records, pages, reader))
                        .handle(
                                SecretsmanagerApi.PUT_SECRET_VALUE,
                                new PutSecretValue(writer, versions))
                        .handle(
                                SecretsmanagerApi.UPDATE_SECRET,
                                new UpdateSecret(store, clock, records, writer, versions))
                        .handle(
                                SecretsmanagerApi.UPDATE_SECRET_VERSION_STAGE,
                                new UpdateSecretVersionStage(store, clock, records, versions))
                        .handle(
                                SecretsmanagerApi.LIST_SECRET_VERSION_IDS,
                                new ListSecretVersionIds(store, records, versions))
                        .handle(
                                SecretsmanagerApi.DESCRIBE_SECRET,
                                new DescribeSecret(store, records, replication))
                        .handle(SecretsmanagerApi.LIST_SECRETS, new ListSecrets(store, pages))
                        .handle(
                                SecretsmanagerApi.DELETE_SECRET,
                                new DeleteSecret(store, clock, records, timers))
                        .handle(
                                SecretsmanagerApi.RESTORE_SECRET,
                                new RestoreSecret(store, records, timers))
                        .handle(SecretsmanagerApi.TAG_RESOURCE, tags::tag)
                        .handle(SecretsmanagerApi.UNTAG_RESOURCE, tags::untag)
                        .handle(SecretsmanagerApi.PUT_RESOURCE_POLICY, policies::put)
                        .handle(SecretsmanagerApi.GET_RESOURCE_POLICY, policies::get)
                        .handle(SecretsmanagerApi.DELETE_RESOURCE_POLICY, policies::delete)
                        .handle(SecretsmanagerApi.VALIDATE_RESOURCE_POLICY, policies::validate)
                        .handle(
                                SecretsmanagerApi.GET_RANDOM_PASSWORD,
                                new GetRandomPassword(random))
                        .handle(
                                SecretsmanagerApi.REPLICATE_SECRET_TO_REGIONS,
                                replication::replicate)
                        .handle(
                                SecretsmanagerApi.REMOVE_REGIONS_FROM_REPLICATION,
                                replication::remove)
                        .handle(
                                SecretsmanagerApi.STOP_REPLICATION_TO_REPLICA,
                                new StopReplicationToReplica(
                                        store, ids, records, values, versions, replication))
                        .handle(
                                SecretsmanagerApi.ROTATE_SECRET,
                                new RotateSecret(store, clock, records, rotations))
                        .handle(
                                SecretsmanagerApi.CANCEL_ROTATE_SECRET,
                                new CancelRotateSecret(store, records, timers))
                        .build();
    }

    public Service service() {
        return service;
    }

    /// Takes up what is due, also from before a restart.
    public void start() {
        timers.start();
    }

    /// Lets deletions and rotations look at the clock again.
    public void clockMoved() {
        timers.clockMoved();
    }

    /// For tests: does all that is due, and tells how much that was.
    int fireDue() {
        return timers.fireDue();
    }

    @Override
    public void close() {
        timers.close();
    }
}
