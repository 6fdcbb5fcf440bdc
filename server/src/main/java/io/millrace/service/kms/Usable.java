package io.millrace.service.kms;

/// A key that a caller may use now, with the material to use.
record Usable(StoredKey key, String materialId, Material material) {

    Material.Secret secret() {
        return (Material.Secret) material;
    }

    Material.Pair pair() {
        return (Material.Pair) material;
    }
}
