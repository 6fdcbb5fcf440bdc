package io.millrace.service.kms;

import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The half that `Decrypt` and `ReEncrypt` share: finds the key of a ciphertext and opens it.
///
/// @param ciphertext null only for a dry run that ignores it
/// @param keyId null when the ciphertext tells it
/// @param dryRun whether the request is one
/// @param modifiers of a dry run
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Decryption(
        byte @Nullable [] ciphertext,
        @Nullable String keyId,
        String algorithm,
        KeyAction action,
        @Nullable Boolean dryRun,
        @Nullable List<String> modifiers) {

    /// @param plain empty for a dry run that ignores the ciphertext
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    record Opened(Usable usable, byte[] plain) {}

    /// @param operation as the caller calls it
    Opened open(Caller caller, KeyUses uses, String operation) {
        if (ciphertext == null) {
            return ignoring(caller, uses, operation);
        }
        if (!algorithm.equals(Encryption.SYMMETRIC)) {
            Usable usable =
                    uses.use(caller, requireKeyId(), action, KeyUsage.ENCRYPT_DECRYPT, operation);
            return decrypt(usable, ciphertext);
        }
        Ciphertext parsed = Ciphertext.parse(ciphertext);
        return decrypt(uses.useOf(caller, keyId, parsed, action, operation), ciphertext);
    }

    private Opened decrypt(Usable usable, byte[] bytes) {
        byte[] plain = Encryption.decrypt(usable, algorithm, action.encryptionContext(), bytes);
        return new Opened(usable, plain);
    }

    private Opened ignoring(Caller caller, KeyUses uses, String operation) {
        boolean ignores =
                Boolean.TRUE.equals(dryRun)
                        && modifiers != null
                        && modifiers.contains("IGNORE_CIPHERTEXT");
        if (!ignores) {
            throw KmsErrors.constraints(
                    List.of(
                            "Value at 'ciphertextBlob' failed to satisfy constraint: Member must"
                                    + " not be null"));
        }
        Usable usable =
                uses.use(caller, requireKeyId(), action, KeyUsage.ENCRYPT_DECRYPT, operation);
        return new Opened(usable, new byte[0]);
    }

    private String requireKeyId() {
        if (keyId == null) {
            throw KmsErrors.validation("KeyId is required for this request.");
        }
        return keyId;
    }
}
