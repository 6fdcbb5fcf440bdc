package io.millrace.service.kms;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A key as it is kept, without its material.
///
/// @param origin `AWS_KMS`, or `EXTERNAL` for imported material
/// @param managed whether it is a service's, made on demand behind an alias `alias/aws/…`
/// @param policy its JSON text as it was put
/// @param materials in the order in which they became current; the last one that does not wait for
///   a rotation is the current one
/// @param deletion null unless it is scheduled
/// @param rotation null unless it rotates by itself
/// @param replicas null for a key of a single Region
record StoredKey(
        String accountId,
        String region,
        String keyId,
        long createdMillis,
        KeySpec spec,
        KeyUsage usage,
        String origin,
        boolean managed,
        String description,
        boolean enabled,
        String policy,
        Map<String, String> tags,
        List<StoredMaterial> materials,
        @Nullable Deletion deletion,
        @Nullable Rotation rotation,
        @Nullable Replicas replicas) {

    static final String AWS = "AWS_KMS";
    static final String EXTERNAL = "EXTERNAL";

    /// @param dueMillis for a primary that still has replicas, which it waits for: 0
    record Deletion(long dueMillis, int windowDays) {}

    record Rotation(int periodDays, long nextMillis) {}

    /// @param others the regions of the replicas
    record Replicas(String primaryRegion, List<String> others) {}

    KeyName name() {
        return new KeyName(accountId, region, keyId);
    }

    String arn() {
        return name().arn();
    }

    boolean external() {
        return origin.equals(EXTERNAL);
    }

    boolean multiRegion() {
        return replicas != null;
    }

    boolean replica() {
        return replicas != null && !replicas.primaryRegion.equals(region);
    }

    /// The material that new ciphertexts are made with.
    Optional<StoredMaterial> current() {
        return materials.reversed().stream().filter(each -> !each.waiting()).findFirst();
    }

    Optional<StoredMaterial> material(String id) {
        return materials.stream().filter(each -> each.id().equals(id)).findFirst();
    }

    /// `KeyState`.
    String state() {
        if (deletion != null) {
            return deletion.dueMillis == 0 ? "PendingReplicaDeletion" : "PendingDeletion";
        }
        boolean complete =
                !materials.isEmpty()
                        && materials.stream().allMatch(each -> each.imported() || each.waiting());
        return complete ? enabled ? "Enabled" : "Disabled" : "PendingImport";
    }

    /// @throws io.millrace.wire.ServiceException `DisabledException`, `KMSInvalidStateException`
    StoredKey requireEnabled() {
        if (state().equals("Disabled")) {
            throw KmsErrors.disabled(arn());
        }
        return requireAlive().requireMaterial();
    }

    /// @throws io.millrace.wire.ServiceException `KMSInvalidStateException`
    StoredKey requireAlive() {
        if (deletion != null) {
            throw KmsErrors.state(
                    arn()
                            + (deletion.dueMillis == 0
                                    ? " is pending replica deletion."
                                    : " is pending deletion."));
        }
        return this;
    }

    StoredKey requireMaterial() {
        if (state().equals("PendingImport")) {
            throw KmsErrors.state(arn() + " is pending import.");
        }
        return this;
    }

    Change change() {
        return new Change(this);
    }

    /// Collects what changes.
    static final class Change {
        private final StoredKey before;
        private String description;
        private boolean enabled;
        private String policy;
        private Map<String, String> tags;
        private List<StoredMaterial> materials;
        private @Nullable Deletion deletion;
        private @Nullable Rotation rotation;
        private @Nullable Replicas replicas;

        private Change(StoredKey before) {
            this.before = before;
            this.description = before.description;
            this.enabled = before.enabled;
            this.policy = before.policy;
            this.tags = before.tags;
            this.materials = before.materials;
            this.deletion = before.deletion;
            this.rotation = before.rotation;
            this.replicas = before.replicas;
        }

        Change description(String value) {
            this.description = value;
            return this;
        }

        Change enabled(boolean value) {
            this.enabled = value;
            return this;
        }

        Change policy(String value) {
            this.policy = value;
            return this;
        }

        Change tags(Map<String, String> value) {
            this.tags = value;
            return this;
        }

        Change materials(List<StoredMaterial> value) {
            this.materials = value;
            return this;
        }

        Change deletion(@Nullable Deletion value) {
            this.deletion = value;
            return this;
        }

        Change rotation(@Nullable Rotation value) {
            this.rotation = value;
            return this;
        }

        Change replicas(@Nullable Replicas value) {
            this.replicas = value;
            return this;
        }

        /// The same key in another region.
        StoredKey in(String region, long createdMillis) {
            return build(region, createdMillis);
        }

        StoredKey build() {
            return build(before.region, before.createdMillis);
        }

        private StoredKey build(String region, long createdMillis) {
            return new StoredKey(
                    before.accountId,
                    region,
                    before.keyId,
                    createdMillis,
                    before.spec,
                    before.usage,
                    before.origin,
                    before.managed,
                    description,
                    enabled,
                    policy,
                    tags,
                    materials,
                    deletion,
                    rotation,
                    replicas);
        }
    }
}
