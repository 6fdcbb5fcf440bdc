package io.millrace.service.kms;

import org.jspecify.annotations.Nullable;

/// One of a key's materials, without the material itself.
///
/// @param id 64 hexadecimal digits
/// @param createdMillis when it was made or first imported
/// @param rotation how it became the current one: `AUTOMATIC`, `ON_DEMAND`; null for the first
/// @param imported whether it is there; what was imported can be taken away and come back
/// @param expiresMillis when it is taken away; null for never
/// @param description of imported material
/// @param waiting whether it is imported and waits for a rotation on demand
record StoredMaterial(
        String id,
        long createdMillis,
        @Nullable String rotation,
        boolean imported,
        @Nullable Long expiresMillis,
        @Nullable String description,
        boolean waiting) {

    static StoredMaterial made(String id, long nowMillis, @Nullable String rotation) {
        return new StoredMaterial(id, nowMillis, rotation, true, null, null, false);
    }

    /// The same after it was taken away.
    StoredMaterial gone() {
        return new StoredMaterial(id, createdMillis, rotation, false, null, description, waiting);
    }

    /// The same as the current one, from now on.
    StoredMaterial rotatedTo(long nowMillis) {
        return new StoredMaterial(
                id, nowMillis, "ON_DEMAND", imported, expiresMillis, description, false);
    }
}
