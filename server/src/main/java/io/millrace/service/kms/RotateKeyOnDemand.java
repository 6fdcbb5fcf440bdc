package io.millrace.service.kms;

import io.millrace.api.kms.RotateKeyOnDemandRequest;
import io.millrace.api.kms.RotateKeyOnDemandResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `RotateKeyOnDemand`: new material now, or the imported one that waits. What was encrypted before
/// stays readable. Durable when it returns. Errors: as [KeyRotation], and `LimitExceededException`.
/// Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html).
final class RotateKeyOnDemand
        implements Operation<RotateKeyOnDemandRequest, RotateKeyOnDemandResponse> {
    static final String ON_DEMAND = "ON_DEMAND";

    private final Store store;
    private final InstantSource clock;
    private final Keys keys;
    private final KeyCopies copies;
    private final Materials materials;

    RotateKeyOnDemand(
            Store store, InstantSource clock, Keys keys, KeyCopies copies, Materials materials) {
        this.store = store;
        this.clock = clock;
        this.keys = keys;
        this.copies = copies;
        this.materials = materials;
    }

    @Override
    public RotateKeyOnDemandResponse handle(Caller caller, RotateKeyOnDemandRequest request) {
        KeyAction action = KeyAction.of("RotateKeyOnDemand");
        StoredKey found =
                check(
                        store.read(snapshot ->
                                keys.requireOwn(snapshot, caller, request.keyId(), action)));
        if (found.external()) {
            keys.change(caller, request.keyId(), action, this::takeWaiting);
        } else {
            Materials.Made made = materials.make(found.name(), found.spec());
            keys.change(
                    caller, request.keyId(), action, (tx, key) -> takeNew(tx, check(key), made));
        }
        return RotateKeyOnDemandResponse.builder().keyId(found.keyId()).build();
    }

    private StoredKey takeNew(Transaction tx, StoredKey key, Materials.Made made) {
        List<StoredMaterial> all = new ArrayList<>(key.materials());
        all.add(StoredMaterial.made(made.id(), clock.millis(), ON_DEMAND));
        StoredKey rotated = key.change().materials(all).build();
        copies.share(tx, rotated, made);
        return rotated;
    }

    private StoredKey takeWaiting(Transaction tx, StoredKey before) {
        StoredKey key = check(before);
        if (key.multiRegion()) {
            throw KmsErrors.notImplemented("rotation of an imported multi-Region key");
        }
        List<StoredMaterial> all = new ArrayList<>(key.materials());
        StoredMaterial waiting =
                all.stream()
                        .filter(each -> each.waiting() && each.imported())
                        .findFirst()
                        .orElseThrow(() ->
                                KmsErrors.state(
                                        key.arn()
                                                + " has no imported key material that is pending"
                                                + " rotation."));
        all.remove(waiting);
        all.add(waiting.rotatedTo(clock.millis()));
        StoredKey rotated = key.change().materials(all).build();
        copies.share(tx, rotated);
        return rotated;
    }

    private static StoredKey check(StoredKey key) {
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KmsErrors.spec(key);
        }
        KeyCopies.requirePrimary(key).requireEnabled();
        long onDemand =
                key.materials().stream().filter(each -> ON_DEMAND.equals(each.rotation())).count();
        if (onDemand >= KmsLimits.ROTATIONS_ON_DEMAND_MAX) {
            throw KmsErrors.limit(
                    "The key has been rotated on demand "
                            + KmsLimits.ROTATIONS_ON_DEMAND_MAX
                            + " times, which is the most.");
        }
        return key;
    }
}
