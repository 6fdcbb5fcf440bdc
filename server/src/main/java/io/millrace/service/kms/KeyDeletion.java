package io.millrace.service.kms;

import io.millrace.api.kms.CancelKeyDeletionRequest;
import io.millrace.api.kms.CancelKeyDeletionResponse;
import io.millrace.api.kms.ScheduleKeyDeletionRequest;
import io.millrace.api.kms.ScheduleKeyDeletionResponse;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// `ScheduleKeyDeletion` and `CancelKeyDeletion`. A key that waits for its deletion cannot be used;
/// a primary key waits for its replicas first. Durable when they return. Errors:
/// `NotFoundException`, `KMSInvalidStateException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html).
final class KeyDeletion {
    private final InstantSource clock;
    private final Keys keys;

    KeyDeletion(InstantSource clock, Keys keys) {
        this.clock = clock;
        this.keys = keys;
    }

    ScheduleKeyDeletionResponse schedule(Caller caller, ScheduleKeyDeletionRequest request) {
        int days = days(request.pendingWindowInDays());
        StoredKey key =
                keys.change(
                        caller,
                        request.keyId(),
                        KeyAction.of("ScheduleKeyDeletion")
                                .with("kms:schedulekeydeletionpendingwindowindays", days),
                        (tx, before) -> {
                            StoredKey after =
                                    before.requireAlive()
                                            .change()
                                            .deletion(deletion(before, days))
                                            .build();
                            keys.put(tx, after);
                            return after;
                        });
        long due = deletion(key, days).dueMillis();
        return ScheduleKeyDeletionResponse.builder()
                .keyId(key.arn())
                .keyState(key.state())
                .deletionDate(due == 0 ? null : Instant.ofEpochMilli(due))
                .pendingWindowInDays(days)
                .build();
    }

    private StoredKey.Deletion deletion(StoredKey key, int days) {
        StoredKey.Deletion set = key.deletion();
        if (set != null) {
            return set;
        }
        StoredKey.Replicas replicas = key.replicas();
        boolean waits = replicas != null && !key.replica() && !replicas.others().isEmpty();
        return new StoredKey.Deletion(
                waits ? 0 : clock.millis() + Duration.ofDays(days).toMillis(), days);
    }

    /// AWS's model has wider bounds than AWS.
    private static int days(@Nullable Integer asked) {
        int days = asked == null ? KmsLimits.DELETION_DAYS_MAX : asked;
        if (days < KmsLimits.DELETION_DAYS_MIN) {
            throw refused(days, "greater than or equal to " + KmsLimits.DELETION_DAYS_MIN);
        }
        if (days > KmsLimits.DELETION_DAYS_MAX) {
            throw refused(days, "less than or equal to " + KmsLimits.DELETION_DAYS_MAX);
        }
        return days;
    }

    private static RuntimeException refused(int days, String bound) {
        return KmsErrors.constraints(
                List.of(
                        "Value '"
                                + days
                                + "' at 'pendingWindowInDays' failed to satisfy constraint:"
                                + " Member must have value "
                                + bound));
    }

    CancelKeyDeletionResponse cancel(Caller caller, CancelKeyDeletionRequest request) {
        StoredKey key =
                keys.change(
                        caller,
                        request.keyId(),
                        KeyAction.of("CancelKeyDeletion"),
                        (tx, before) -> {
                            if (before.deletion() == null) {
                                throw KmsErrors.state(before.arn() + " is not pending deletion.");
                            }
                            StoredKey after = before.change().deletion(null).enabled(false).build();
                            keys.put(tx, after);
                            return after;
                        });
        return CancelKeyDeletionResponse.builder().keyId(key.arn()).build();
    }
}
