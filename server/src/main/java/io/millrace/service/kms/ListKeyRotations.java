package io.millrace.service.kms;

import io.millrace.api.kms.ListKeyRotationsRequest;
import io.millrace.api.kms.ListKeyRotationsResponse;
import io.millrace.api.kms.RotationsListEntry;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.Instant;
import java.util.Optional;

/// `ListKeyRotations`: which materials a key had, and since when. Errors: `NotFoundException`,
/// `UnsupportedOperationException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html).
final class ListKeyRotations
        implements Operation<ListKeyRotationsRequest, ListKeyRotationsResponse> {
    private final Store store;
    private final Keys keys;

    ListKeyRotations(Store store, Keys keys) {
        this.store = store;
        this.keys = keys;
    }

    @Override
    public ListKeyRotationsResponse handle(Caller caller, ListKeyRotationsRequest request) {
        StoredKey key =
                store.read(snapshot ->
                        keys.requireOwn(
                                snapshot,
                                caller,
                                request.keyId(),
                                KeyAction.of("ListKeyRotations")));
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KmsErrors.spec(key);
        }
        boolean all = "ALL_KEY_MATERIAL".equals(request.includeKeyMaterial());
        MarkerPage<RotationsListEntry> page =
                new MarkerPage<>(request.limit(), KmsLimits.PAGE_SIZE, request.marker());
        int number = 0;
        for (StoredMaterial material : key.materials()) {
            if (all || material.rotation() != null) {
                page.offer("%09d".formatted(number), () -> shape(key, material));
            }
            number++;
        }
        return ListKeyRotationsResponse.builder()
                .rotations(page.items())
                .nextMarker(page.nextMarker())
                .truncated(page.truncated())
                .build();
    }

    private static RotationsListEntry shape(StoredKey key, StoredMaterial material) {
        boolean external = key.external();
        Optional<String> current = key.current().map(StoredMaterial::id);
        String state =
                material.waiting()
                        ? "PENDING_ROTATION"
                        : current.equals(Optional.of(material.id())) ? "CURRENT" : "NON_CURRENT";
        boolean there = external && material.imported();
        Long expires = material.expiresMillis();
        return RotationsListEntry.builder()
                .keyId(key.keyId())
                .keyMaterialId(material.id())
                .keyMaterialDescription(material.description())
                .importState(external ? there ? "IMPORTED" : "PENDING_IMPORT" : null)
                .keyMaterialState(state)
                .expirationModel(there ? KeyShapes.expirationModel(expires) : null)
                .validTo(there && expires != null ? Instant.ofEpochMilli(expires) : null)
                .rotationDate(
                        material.rotation() == null
                                ? null
                                : Instant.ofEpochMilli(material.createdMillis()))
                .rotationType(material.rotation())
                .build();
    }
}
