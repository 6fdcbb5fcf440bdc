package io.millrace.service.secretsmanager;

import io.millrace.delivery.Message;
import io.millrace.delivery.StoreTarget;
import io.millrace.delivery.Targets;
import io.millrace.engine.Transaction;
import io.millrace.log.Log;
import io.millrace.pattern.Arn;
import io.millrace.pattern.JsonPathText;
import io.millrace.wire.Ids;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// Rotations that a queue's consumer carries out: what AWS tells a rotation function is a message,
/// and the function's four steps are the consumer's. That is beyond AWS; a function cannot be
/// invoked as long as there is no Lambda. Thread-safe.
///
/// A rotation begins with a version without a value, labelled `AWSPENDING`, and the message that
/// tells of it; both, and the time of the next one, are one transaction. It has ended when
/// `AWSCURRENT` is on that version; one that has not when the next is due is told of again.
final class Rotations {
    private static final Log LOG = Log.of(Rotations.class);
    private static final String QUEUES = "sqs";
    private static final String FIFO = ".fifo";
    private static final String SENDER = "secretsmanager.amazonaws.com";

    private final InstantSource clock;
    private final Ids ids;
    private final SecretRecords records;
    private final Versions versions;
    private final SecretTimers timers;
    private final Targets queues;

    Rotations(
            InstantSource clock,
            Ids ids,
            SecretRecords records,
            Versions versions,
            SecretTimers timers,
            Targets queues) {
        this.clock = clock;
        this.ids = ids;
        this.records = records;
        this.versions = versions;
        this.timers = timers;
        this.queues = queues;
        timers.on(SecretTimers.Purpose.ROTATION, this::due);
    }

    /// Whether rotations can be told to it.
    static boolean isQueue(String arn) {
        return Arn.parse(arn).filter(parsed -> parsed.service().equals(QUEUES)).isPresent();
    }

    /// Whether one has begun and not ended.
    static boolean isUnderWay(Secret secret) {
        String pending = secret.versions().get(Labels.PENDING);
        return pending != null && !pending.equals(secret.versions().get(Labels.CURRENT));
    }

    /// Begins one; the secret's record is the caller's to write.
    Secret begin(Transaction tx, Secret secret, StoredRotation rotation, String versionId) {
        Secret begun = versions.addEmpty(tx, secret, versionId, Labels.PENDING);
        StoreTarget.Outcome outcome = tell(tx, begun, rotation, versionId);
        if (outcome instanceof StoreTarget.Outcome.Refused(_, String message)) {
            throw SecretsManagerErrors.accessDenied(
                    "Secrets Manager cannot send to the queue "
                            + rotation.target()
                            + ": "
                            + message);
        }
        return begun;
    }

    /// The secret with the time of its next rotation, and its timer; the record is the caller's to
    /// write.
    Secret schedule(Transaction tx, Secret secret, StoredRotation rotation, Instant last) {
        Optional<Instant> next = RotationRules.next(rotation, last);
        timers.cancel(tx, SecretTimers.Purpose.ROTATION, secret);
        next.ifPresent(instant ->
                timers.set(tx, SecretTimers.Purpose.ROTATION, secret, instant.toEpochMilli()));
        StoredRotation scheduled = rotation.nextAt(next.map(Instant::toEpochMilli).orElse(null));
        return secret.with(secret.own().change().rotation(scheduled).done());
    }

    private StoreTarget.Outcome tell(
            Transaction tx, Secret secret, StoredRotation rotation, String versionId) {
        Arn queue = Arn.parse(rotation.target()).orElseThrow();
        boolean fifo = queue.resource().endsWith(FIFO);
        String arn = secret.arn().toString();
        String body =
                "{\"Step\":\"createSecret\",\"SecretId\":"
                        + JsonPathText.quote(arn)
                        + ",\"ClientRequestToken\":"
                        + JsonPathText.quote(versionId)
                        + "}";
        Message message =
                new Message(
                        body,
                        Map.of(),
                        null,
                        fifo ? Long.toHexString(secret.own().id()) : null,
                        fifo ? ids.uuid() : null,
                        null,
                        SENDER,
                        arn);
        return queues.deliver(tx, queue, message);
    }

    private void due(Transaction tx, SecretName name, String suffix) {
        Optional<Secret> found =
                records.find(tx, name).filter(secret -> secret.own().suffix().equals(suffix));
        if (found.isEmpty() || found.get().isDeleted()) {
            return;
        }
        Secret secret = found.get();
        StoredRotation rotation = secret.own().rotation();
        if (rotation == null || !rotation.enabled()) {
            return;
        }
        String pending = secret.versions().get(Labels.PENDING);
        boolean again = isUnderWay(secret);
        String versionId = pending != null && again ? pending : ids.uuid();
        Secret begun = secret;
        StoreTarget.Outcome outcome = tell(tx, secret, rotation, versionId);
        if (outcome instanceof StoreTarget.Outcome.Refused(String code, String message)) {
            LOG.warning(
                    "A rotation cannot be told",
                    "secret",
                    secret.arn(),
                    "queue",
                    rotation.target(),
                    "code",
                    code,
                    "message",
                    message);
        } else if (!again) {
            begun = versions.addEmpty(tx, secret, versionId, Labels.PENDING);
        }
        records.put(tx, name, schedule(tx, begun, rotation, clock.instant()).own());
    }
}
