package io.millrace.service.kms;

import io.millrace.api.kms.KeyMetadata;
import io.millrace.api.kms.MultiRegionConfiguration;
import io.millrace.api.kms.MultiRegionKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// `KeyMetadata`, of a stored key.
final class KeyShapes {

    private KeyShapes() {}

    static KeyMetadata metadata(StoredKey key) {
        KeySpec spec = key.spec();
        String state = key.state();
        StoredKey.Deletion deletion = key.deletion();
        StoredMaterial current = key.current().orElse(null);
        boolean imported = key.external() && current != null && current.imported();
        Long expires = current == null ? null : current.expiresMillis();
        return KeyMetadata.builder()
                .awsAccountId(key.accountId())
                .keyId(key.keyId())
                .arn(key.arn())
                .creationDate(Instant.ofEpochMilli(key.createdMillis()))
                .enabled(state.equals("Enabled"))
                .description(key.description())
                .keyUsage(key.usage().name())
                .keyState(state)
                .deletionDate(
                        deletion == null || deletion.dueMillis() == 0
                                ? null
                                : Instant.ofEpochMilli(deletion.dueMillis()))
                .pendingDeletionWindowInDays(
                        deletion != null && deletion.dueMillis() == 0
                                ? deletion.windowDays()
                                : null)
                .validTo(imported && expires != null ? Instant.ofEpochMilli(expires) : null)
                .expirationModel(imported ? expirationModel(expires) : null)
                .origin(key.origin())
                .keyManager(key.managed() ? "AWS" : "CUSTOMER")
                .customerMasterKeySpec(oldSpec(spec))
                .keySpec(spec.name())
                .encryptionAlgorithms(encryption(key))
                .signingAlgorithms(signing(key))
                .macAlgorithms(listed(key, KeyUsage.GENERATE_VERIFY_MAC, spec.macAlgorithms()))
                .keyAgreementAlgorithms(agreement(key))
                .multiRegion(key.multiRegion())
                .multiRegionConfiguration(regions(key))
                .currentKeyMaterialId(
                        spec == KeySpec.SYMMETRIC_DEFAULT && current != null ? current.id() : null)
                .build();
    }

    /// `CustomerMasterKeySpec`, which has no names for what came later.
    static @Nullable String oldSpec(KeySpec spec) {
        return spec.algorithm().equals("EdDSA") || spec.algorithm().equals("ML-DSA")
                ? null
                : spec.name();
    }

    static String expirationModel(@Nullable Long expiresMillis) {
        return expiresMillis == null ? "KEY_MATERIAL_DOES_NOT_EXPIRE" : "KEY_MATERIAL_EXPIRES";
    }

    static @Nullable List<String> encryption(StoredKey key) {
        return listed(key, KeyUsage.ENCRYPT_DECRYPT, key.spec().encryptionAlgorithms());
    }

    static @Nullable List<String> signing(StoredKey key) {
        return listed(key, KeyUsage.SIGN_VERIFY, key.spec().signingAlgorithms());
    }

    static @Nullable List<String> agreement(StoredKey key) {
        return listed(key, KeyUsage.KEY_AGREEMENT, key.spec().agreementAlgorithms());
    }

    private static @Nullable List<String> listed(
            StoredKey key, KeyUsage usage, List<String> algorithms) {
        return key.usage() == usage ? algorithms : null;
    }

    private static @Nullable MultiRegionConfiguration regions(StoredKey key) {
        StoredKey.Replicas replicas = key.replicas();
        if (replicas == null) {
            return null;
        }
        return MultiRegionConfiguration.builder()
                .multiRegionKeyType(key.replica() ? "REPLICA" : "PRIMARY")
                .primaryKey(region(key, replicas.primaryRegion()))
                .replicaKeys(replicas.others().stream().map(region -> region(key, region)).toList())
                .build();
    }

    private static MultiRegionKey region(StoredKey key, String region) {
        return new MultiRegionKey(key.name().in(region).arn(), region);
    }
}
