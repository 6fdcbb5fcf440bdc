package io.millrace.service.kms;

import org.jspecify.annotations.Nullable;

/// `KeyMaterialId`, which answers tell of symmetric encryption keys only.
final class MaterialIds {

    private MaterialIds() {}

    static @Nullable String shown(Usable usable) {
        return usable.key().spec() == KeySpec.SYMMETRIC_DEFAULT ? usable.materialId() : null;
    }
}
