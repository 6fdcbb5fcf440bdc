package io.millrace.service.kms;

import io.millrace.api.Unit;
import io.millrace.api.kms.DisableKeyRequest;
import io.millrace.api.kms.EnableKeyRequest;
import io.millrace.api.kms.UpdateKeyDescriptionRequest;
import io.millrace.wire.Caller;

/// `EnableKey`, `DisableKey` and `UpdateKeyDescription`. Durable when they return. Errors:
/// `NotFoundException`, `KMSInvalidStateException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html).
final class KeySwitch {
    private final Keys keys;

    KeySwitch(Keys keys) {
        this.keys = keys;
    }

    Unit enable(Caller caller, EnableKeyRequest request) {
        return turn(caller, request.keyId(), "EnableKey", true);
    }

    Unit disable(Caller caller, DisableKeyRequest request) {
        return turn(caller, request.keyId(), "DisableKey", false);
    }

    private Unit turn(Caller caller, String keyId, String action, boolean enabled) {
        return keys.change(
                caller,
                keyId,
                KeyAction.of(action),
                (tx, key) -> {
                    StoredKey usable = key.requireAlive().requireMaterial();
                    keys.put(tx, usable.change().enabled(enabled).build());
                    return Unit.UNIT;
                });
    }

    Unit describe(Caller caller, UpdateKeyDescriptionRequest request) {
        return keys.change(
                caller,
                request.keyId(),
                KeyAction.of("UpdateKeyDescription"),
                (tx, key) -> {
                    StoredKey alive = key.requireAlive();
                    keys.put(tx, alive.change().description(request.description()).build());
                    return Unit.UNIT;
                });
    }
}
