package io.millrace.service.kms;

import io.millrace.api.Unit;
import io.millrace.api.kms.DisableKeyRotationRequest;
import io.millrace.api.kms.EnableKeyRotationRequest;
import io.millrace.api.kms.GetKeyRotationStatusRequest;
import io.millrace.api.kms.GetKeyRotationStatusResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// `EnableKeyRotation`, `DisableKeyRotation` and `GetKeyRotationStatus`: new material each so many
/// days. Durable when they return. Errors: `NotFoundException`, `DisabledException`,
/// `KMSInvalidStateException`, `UnsupportedOperationException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html).
final class KeyRotation {
    private final Store store;
    private final InstantSource clock;
    private final Keys keys;

    KeyRotation(Store store, InstantSource clock, Keys keys) {
        this.store = store;
        this.clock = clock;
        this.keys = keys;
    }

    Unit enable(Caller caller, EnableKeyRotationRequest request) {
        Integer asked = request.rotationPeriodInDays();
        KeyAction action =
                KeyAction.of("EnableKeyRotation").with("kms:rotationperiodindays", asked);
        return keys.change(
                caller,
                request.keyId(),
                action,
                (tx, key) -> {
                    StoredKey changed = require(key).change().rotation(next(key, asked)).build();
                    keys.put(tx, changed);
                    return Unit.UNIT;
                });
    }

    /// One that rotates already goes on, unless the period changes.
    private StoredKey.Rotation next(StoredKey key, @Nullable Integer asked) {
        StoredKey.Rotation before = key.rotation();
        int days = asked == null ? KmsLimits.ROTATION_DAYS : asked;
        return before != null && before.periodDays() == days
                ? before
                : new StoredKey.Rotation(days, clock.millis() + Duration.ofDays(days).toMillis());
    }

    Unit disable(Caller caller, DisableKeyRotationRequest request) {
        return keys.change(
                caller,
                request.keyId(),
                KeyAction.of("DisableKeyRotation"),
                (tx, key) -> {
                    keys.put(tx, require(key).change().rotation(null).build());
                    return Unit.UNIT;
                });
    }

    private static StoredKey require(StoredKey key) {
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KmsErrors.spec(key);
        }
        if (key.external()) {
            throw KmsErrors.origin(key);
        }
        return KeyCopies.requirePrimary(key).requireEnabled();
    }

    GetKeyRotationStatusResponse status(Caller caller, GetKeyRotationStatusRequest request) {
        return store.read(snapshot -> status(snapshot, caller, request.keyId()));
    }

    private GetKeyRotationStatusResponse status(Snapshot snapshot, Caller caller, String keyId) {
        StoredKey key =
                keys.requireAny(snapshot, caller, keyId, KeyAction.of("GetKeyRotationStatus"));
        StoredKey.Replicas replicas = key.replicas();
        StoredKey rotating =
                replicas == null
                        ? key
                        : keys.find(snapshot, key.name().in(replicas.primaryRegion())).orElse(key);
        StoredKey.Rotation rotation = key.deletion() == null ? rotating.rotation() : null;
        return GetKeyRotationStatusResponse.builder()
                .keyId(key.keyId())
                .keyRotationEnabled(rotation != null)
                .rotationPeriodInDays(rotation == null ? null : rotation.periodDays())
                .nextRotationDate(
                        rotation == null ? null : Instant.ofEpochMilli(rotation.nextMillis()))
                .build();
    }
}
