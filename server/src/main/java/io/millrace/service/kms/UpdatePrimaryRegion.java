package io.millrace.service.kms;

import io.millrace.api.Unit;
import io.millrace.api.kms.UpdatePrimaryRegionRequest;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.ArrayList;
import java.util.List;

/// `UpdatePrimaryRegion`: a replica becomes the primary key, and the primary a replica, in one
/// transaction; whether it rotates goes with it. Errors: `NotFoundException`,
/// `KMSInvalidStateException`, `UnsupportedOperationException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html).
final class UpdatePrimaryRegion implements Operation<UpdatePrimaryRegionRequest, Unit> {
    private final Keys keys;
    private final KeyCopies copies;

    UpdatePrimaryRegion(Keys keys, KeyCopies copies) {
        this.keys = keys;
        this.copies = copies;
    }

    @Override
    public Unit handle(Caller caller, UpdatePrimaryRegionRequest request) {
        KeyAction action =
                KeyAction.of("UpdatePrimaryRegion")
                        .with("kms:primaryregion", request.primaryRegion());
        return keys.change(
                caller,
                request.keyId(),
                action,
                (tx, key) -> update(tx, caller, key, request.primaryRegion(), action));
    }

    private Unit update(
            Transaction tx, Caller caller, StoredKey key, String region, KeyAction action) {
        StoredKey.Replicas before = key.replicas();
        if (before == null) {
            throw KmsErrors.unsupported(key.arn() + " is not a multi-Region key.");
        }
        StoredKey primary = KeyCopies.requirePrimary(key).requireEnabled();
        StoredKey next = keys.require(tx, key.name().in(region));
        keys.permission().check(tx, caller, next, action);
        next.requireEnabled();
        if (region.equals(before.primaryRegion())) {
            throw KmsErrors.unsupported(key.arn() + " is the primary key already.");
        }
        List<String> others = new ArrayList<>(before.others());
        others.remove(region);
        others.add(before.primaryRegion());
        StoredKey.Replicas after = new StoredKey.Replicas(region, others);
        StoredKey replica = primary.change().replicas(after).rotation(null).build();
        keys.put(tx, replica);
        copies.change(
                tx,
                replica,
                copy ->
                        copy.change()
                                .replicas(after)
                                .rotation(copy.region().equals(region) ? primary.rotation() : null)
                                .build());
        return Unit.UNIT;
    }
}
