package io.millrace.service.kms;

import io.millrace.api.Unit;
import io.millrace.api.kms.DeleteAliasRequest;
import io.millrace.api.kms.UpdateAliasRequest;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import java.time.InstantSource;

/// `UpdateAlias` and `DeleteAlias`: an alias moves to another key of the same kind, or goes.
/// Durable when they return. Errors: `NotFoundException`, `KMSInvalidStateException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html).
final class UpdateAlias {
    private final Store store;
    private final InstantSource clock;
    private final Keys keys;

    UpdateAlias(Store store, InstantSource clock, Keys keys) {
        this.store = store;
        this.clock = clock;
        this.keys = keys;
    }

    Unit update(Caller caller, UpdateAliasRequest request) {
        String name = AliasNames.check(request.aliasName());
        long now = clock.millis();
        KeyAction action = KeyAction.of("UpdateAlias");
        return store.write(tx -> {
            StoredAlias before = require(tx, caller, name);
            StoredKey target =
                    keys.requireOwn(tx, caller, request.targetKeyId(), action).requireAlive();
            StoredKey current = keys.requireOwn(tx, caller, before.keyId(), action);
            if (current.usage() != target.usage()
                    || current.spec().isSymmetric() != target.spec().isSymmetric()) {
                throw KmsErrors.validation(
                        "Alias "
                                + before.arn()
                                + " cannot be changed from a key with key usage "
                                + current.usage()
                                + " and key spec "
                                + current.spec()
                                + " to one with key usage "
                                + target.usage()
                                + " and key spec "
                                + target.spec()
                                + ".");
            }
            keys.deleteAlias(tx, before);
            keys.putAlias(
                    tx,
                    new StoredAlias(
                            before.accountId(),
                            before.region(),
                            name,
                            target.keyId(),
                            before.createdMillis(),
                            now));
            return Unit.UNIT;
        });
    }

    Unit delete(Caller caller, DeleteAliasRequest request) {
        String name = AliasNames.check(request.aliasName());
        return store.write(tx -> {
            StoredAlias alias = require(tx, caller, name);
            keys.requireOwn(tx, caller, alias.keyId(), KeyAction.of("DeleteAlias"));
            keys.deleteAlias(tx, alias);
            return Unit.UNIT;
        });
    }

    private StoredAlias require(Snapshot snapshot, Caller caller, String name) {
        return keys.findAlias(snapshot, caller.accountId(), caller.region(), name)
                .orElseThrow(() ->
                        KmsErrors.aliasNotFound(
                                StoredAlias.arn(caller.accountId(), caller.region(), name)));
    }
}
