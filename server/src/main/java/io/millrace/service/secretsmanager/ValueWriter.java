package io.millrace.service.secretsmanager;

import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// Writes a value into a secret that is there: it is sealed before the transaction that stores it,
/// and so is what the version has already compared, if a request comes again. Thread-safe.
final class ValueWriter {
    private final Store store;
    private final SecretRecords records;
    private final SecretValues values;

    /// What the version has already.
    enum There {
        NOTHING,
        SAME,
        OTHER
    }

    /// What is done in the transaction.
    interface Change<O> {

        /// Makes the change; `sealed` is the value, for [Versions#add].
        O make(Transaction tx, Secret secret, byte[] sealed, There there);
    }

    /// What was found before the transaction.
    private record Found(long id, String arn, byte @Nullable [] sealed) {}

    ValueWriter(Store store, SecretRecords records, SecretValues values) {
        this.store = store;
        this.records = records;
        this.values = values;
    }

    <O> O write(Caller caller, SecretId id, String versionId, SecretValue value, Change<O> change) {
        for (int i = 0; i < SecretsManagerLimits.TRIES_MAX; i++) {
            Found found =
                    store.read(snapshot -> {
                        Secret secret = records.requireChangeable(snapshot, caller, id);
                        long secretId = secret.own().id();
                        byte[] sealed = snapshot.get(SecretsManagerKeys.value(secretId, versionId));
                        return new Found(secretId, secret.primaryArn().toString(), sealed);
                    });
            There there = there(found, versionId, value);
            byte[] sealed = values.seal(found.arn, versionId, value);
            Optional<O> made =
                    store.write(tx -> {
                        Secret secret = records.requireChangeable(tx, caller, id);
                        byte[] now = tx.get(SecretsManagerKeys.value(secret.own().id(), versionId));
                        boolean overtaken =
                                secret.own().id() != found.id
                                        || (now == null) != (found.sealed == null);
                        return overtaken
                                ? Optional.empty()
                                : Optional.of(change.make(tx, secret, sealed, there));
                    });
            if (made.isPresent()) {
                return made.get();
            }
        }
        throw new IllegalStateException("a secret is made and deleted again and again");
    }

    private There there(Found found, String versionId, SecretValue value) {
        if (found.sealed == null) {
            return There.NOTHING;
        }
        return values.open(found.arn, versionId, found.sealed).isSame(value)
                ? There.SAME
                : There.OTHER;
    }
}
