package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.CreateSecretRequest;
import io.millrace.api.secretsmanager.CreateSecretResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// `CreateSecret`: a secret, with its first version when a value is given; durable when it returns.
/// The same request again, by its token, is answered as the first. Errors:
/// `InvalidParameterException`, `InvalidRequestException`, `LimitExceededException`,
/// `ResourceExistsException`. Source: [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html).
final class CreateSecret implements Operation<CreateSecretRequest, CreateSecretResponse> {
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int SUFFIX_LENGTH = 6;

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;
    private final RandomGenerator random;
    private final SecretRecords records;
    private final SecretValues values;
    private final Versions versions;
    private final Replication replication;

    /// What a secret is made of.
    ///
    /// @param versionId null without a value
    private record New(
            StoredSecret secret,
            @Nullable String versionId,
            @Nullable SecretValue value,
            byte @Nullable [] sealed) {}

    /// The secret of that name.
    ///
    /// @param isNew whether it was made now
    /// @param sealed the value of an earlier one in the version that was asked for, if it has that
    private record Result(Secret secret, boolean isNew, byte @Nullable [] sealed) {}

    CreateSecret(
            Store store,
            InstantSource clock,
            Ids ids,
            RandomGenerator random,
            SecretRecords records,
            SecretValues values,
            Versions versions,
            Replication replication) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.random = random;
        this.records = records;
        this.values = values;
        this.versions = versions;
        this.replication = replication;
    }

    @Override
    public CreateSecretResponse handle(Caller caller, CreateSecretRequest request) {
        SecretName name = SecretName.of(caller, request.name());
        SecretValue value = SecretValue.of(request.secretString(), request.secretBinary());
        String token = request.clientRequestToken();
        if (token == null) {
            throw SecretsManagerErrors.noToken();
        }
        if (request.addReplicaRegions() != null) {
            replication.check(name, request.addReplicaRegions());
        }
        New made = made(name, request, token, value);
        Result result = store.write(tx -> create(tx, name, made, request));
        if (!result.isNew && !isRepeated(result, made)) {
            throw SecretsManagerErrors.exists(name.name());
        }
        return response(result.secret, made.versionId);
    }

    private New made(
            SecretName name,
            CreateSecretRequest request,
            String token,
            @Nullable SecretValue value) {
        long now = clock.millis();
        Map<String, String> tags =
                request.tags() == null ? null : SecretTags.with(Map.of(), request.tags());
        StoredSecret secret =
                new StoredSecret(
                        name.name(),
                        suffix(),
                        ids.number(),
                        request.description(),
                        request.kmsKeyId(),
                        request.type(),
                        now,
                        now,
                        null,
                        tags,
                        Map.of(),
                        null,
                        null,
                        null,
                        null,
                        List.of());
        if (value == null) {
            return new New(secret, null, null, null);
        }
        String arn = name.arn(secret.suffix()).toString();
        return new New(secret, token, value, values.seal(arn, token, value));
    }

    private String suffix() {
        StringBuilder suffix = new StringBuilder(SUFFIX_LENGTH);
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            suffix.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return suffix.toString();
    }

    private Result create(Transaction tx, SecretName name, New made, CreateSecretRequest request) {
        Optional<Secret> there = records.find(tx, name);
        if (there.isPresent()) {
            Secret earlier = there.get();
            if (earlier.isDeleted()) {
                throw SecretsManagerErrors.nameIsScheduledForDeletion();
            }
            String version = made.versionId;
            byte[] sealed =
                    version == null
                            ? null
                            : tx.get(SecretsManagerKeys.value(earlier.own().id(), version));
            return new Result(earlier, false, sealed);
        }
        Secret secret = new Secret(name, made.secret, null);
        records.put(tx, name, made.secret);
        if (made.versionId != null && made.sealed != null) {
            secret = versions.add(tx, secret, made.versionId, made.sealed, List.of(Labels.CURRENT));
        }
        if (request.addReplicaRegions() != null) {
            boolean force = Boolean.TRUE.equals(request.forceOverwriteReplicaSecret());
            secret = replication.add(tx, secret, request.addReplicaRegions(), force);
        }
        return new Result(secret, true, null);
    }

    /// Whether the request has come again, as far as its token and the value tell.
    private boolean isRepeated(Result result, New made) {
        if (made.versionId == null || made.value == null || result.sealed == null) {
            return false;
        }
        String arn = result.secret.primaryArn().toString();
        return values.open(arn, made.versionId, result.sealed).isSame(made.value);
    }

    private static CreateSecretResponse response(Secret secret, @Nullable String versionId) {
        return CreateSecretResponse.builder()
                .arn(secret.arn().toString())
                .name(secret.own().name())
                .versionId(versionId)
                .replicationStatus(Replication.status(secret, Map.of()))
                .build();
    }
}
