package io.millrace.service.secretsmanager;

import io.millrace.api.secretsmanager.DeleteSecretRequest;
import io.millrace.api.secretsmanager.DeleteSecretResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// `DeleteSecret`: at the end of the recovery window, or at once when that is asked for. Errors:
/// `InvalidParameterException`, `InvalidRequestException`, `ResourceNotFoundException`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html).
final class DeleteSecret implements Operation<DeleteSecretRequest, DeleteSecretResponse> {
    private final Store store;
    private final InstantSource clock;
    private final SecretRecords records;
    private final SecretTimers timers;

    DeleteSecret(Store store, InstantSource clock, SecretRecords records, SecretTimers timers) {
        this.store = store;
        this.clock = clock;
        this.records = records;
        this.timers = timers;
        timers.on(SecretTimers.Purpose.DELETION, this::atTheEnd);
    }

    @Override
    public DeleteSecretResponse handle(Caller caller, DeleteSecretRequest request) {
        SecretId id = SecretId.of(caller, request.secretId());
        boolean force = Boolean.TRUE.equals(request.forceDeleteWithoutRecovery());
        Long days = request.recoveryWindowInDays();
        if (force && days != null) {
            throw SecretsManagerErrors.invalidParameter(
                    "You can't use ForceDeleteWithoutRecovery in conjunction with"
                            + " RecoveryWindowInDays.");
        }
        if (days != null
                && (days < SecretsManagerLimits.RECOVERY_DAYS_MIN
                        || days > SecretsManagerLimits.RECOVERY_DAYS_MAX)) {
            throw SecretsManagerErrors.invalidParameter(
                    "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
        }
        Duration window = Duration.ofDays(days == null ? SecretsManagerLimits.RECOVERY_DAYS : days);
        return store.write(tx -> {
            if (force && records.find(tx, id).isEmpty()) {
                Permission.checkMissing(caller, id);
                return alreadyGone(id);
            }
            Secret secret = records.require(tx, caller, id);
            checkReplicas(secret);
            return force ? remove(tx, secret) : schedule(tx, secret, window);
        });
    }

    private DeleteSecretResponse alreadyGone(SecretId id) {
        SecretName name = id.cut() == null ? id.whole() : id.cut();
        String suffix = id.suffix() == null ? "000000" : id.suffix();
        return response(name.arn(suffix).toString(), name.name(), clock.instant());
    }

    private static void checkReplicas(Secret secret) {
        if (secret.isReplica()) {
            throw SecretsManagerErrors.onReplica();
        }
        if (!secret.own().replicas().isEmpty()) {
            String regions =
                    String.join(
                            ",",
                            secret.own().replicas().stream()
                                    .map(StoredSecret.StoredReplica::region)
                                    .toList());
            throw SecretsManagerErrors.invalidParameter(
                    "You can't delete secret "
                            + secret.own().name()
                            + " that still has replica regions ["
                            + regions
                            + "]");
        }
    }

    private DeleteSecretResponse schedule(Transaction tx, Secret secret, Duration window) {
        if (secret.isDeleted()) {
            throw SecretsManagerErrors.alreadyMarkedForDeletion();
        }
        Instant date = clock.instant().plus(window);
        StoredSecret deleted = secret.own().change().deletionMillis(date.toEpochMilli()).done();
        records.put(tx, secret.name(), deleted);
        timers.set(tx, SecretTimers.Purpose.DELETION, secret, date.toEpochMilli());
        timers.cancel(tx, SecretTimers.Purpose.ROTATION, secret);
        return response(secret.arn().toString(), secret.own().name(), date);
    }

    private DeleteSecretResponse remove(Transaction tx, Secret secret) {
        timers.cancel(tx, SecretTimers.Purpose.DELETION, secret);
        timers.cancel(tx, SecretTimers.Purpose.ROTATION, secret);
        records.remove(tx, secret.name(), secret.own());
        records.removeVersions(tx, secret.own().id());
        return response(secret.arn().toString(), secret.own().name(), clock.instant());
    }

    private void atTheEnd(Transaction tx, SecretName name, String suffix) {
        Optional<Secret> secret =
                records.find(tx, name)
                        .filter(found -> found.own().suffix().equals(suffix))
                        .filter(Secret::isDeleted);
        if (secret.isPresent()) {
            records.remove(tx, name, secret.get().own());
            records.removeVersions(tx, secret.get().own().id());
        }
    }

    private static DeleteSecretResponse response(String arn, String name, Instant date) {
        return DeleteSecretResponse.builder().arn(arn).name(name).deletionDate(date).build();
    }
}
