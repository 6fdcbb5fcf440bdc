package io.millrace.service.kms;

import io.millrace.api.kms.DeleteImportedKeyMaterialRequest;
import io.millrace.api.kms.DeleteImportedKeyMaterialResponse;
import io.millrace.engine.Transaction;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// `DeleteImportedKeyMaterial`: takes material away; it can be imported again. Durable when it
/// returns. Errors: `NotFoundException`, `KMSInvalidStateException`,
/// `UnsupportedOperationException`. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html).
final class DeleteImportedKeyMaterial
        implements Operation<DeleteImportedKeyMaterialRequest, DeleteImportedKeyMaterialResponse> {
    private final Keys keys;
    private final Materials materials;

    DeleteImportedKeyMaterial(Keys keys, Materials materials) {
        this.keys = keys;
        this.materials = materials;
    }

    @Override
    public DeleteImportedKeyMaterialResponse handle(
            Caller caller, DeleteImportedKeyMaterialRequest request) {
        return keys.change(
                caller,
                request.keyId(),
                KeyAction.of("DeleteImportedKeyMaterial"),
                (tx, key) -> {
                    ImportKeyMaterial.requireExternal(key.requireAlive());
                    String id = delete(tx, key, request.keyMaterialId());
                    return DeleteImportedKeyMaterialResponse.builder()
                            .keyId(key.arn())
                            .keyMaterialId(id)
                            .build();
                });
    }

    private @Nullable String delete(Transaction tx, StoredKey key, @Nullable String wanted) {
        String id = wanted == null ? key.current().map(StoredMaterial::id).orElse(null) : wanted;
        if (id == null) {
            return null;
        }
        StoredMaterial material =
                key.material(id)
                        .orElseThrow(() ->
                                KmsErrors.notFound("Key material '" + id + "' does not exist"));
        List<StoredMaterial> all = new ArrayList<>(key.materials());
        all.set(all.indexOf(material), material.gone());
        tx.delete(KmsKeys.material(key.name(), id));
        keys.put(tx, key.change().materials(all).build());
        tx.afterCommit(() -> materials.forget(key.name(), id));
        return id;
    }
}
