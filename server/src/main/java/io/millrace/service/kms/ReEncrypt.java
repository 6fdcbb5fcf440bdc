package io.millrace.service.kms;

import io.millrace.api.kms.ReEncryptRequest;
import io.millrace.api.kms.ReEncryptResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `ReEncrypt`: from one key, or encryption context, to another; the plaintext stays here. Errors:
/// as [Decrypt] and [Encrypt]. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html).
final class ReEncrypt implements Operation<ReEncryptRequest, ReEncryptResponse> {
    private final KeyUses uses;

    ReEncrypt(KeyUses uses) {
        this.uses = uses;
    }

    @Override
    public ReEncryptResponse handle(Caller caller, ReEncryptRequest request) {
        String from = algorithm(request.sourceEncryptionAlgorithm());
        String to = algorithm(request.destinationEncryptionAlgorithm());
        KeyAction opening =
                KeyAction.of(
                                "ReEncryptFrom",
                                request.sourceEncryptionContext(),
                                request.grantTokens())
                        .with("kms:encryptionalgorithm", from);
        Decryption.Opened opened =
                new Decryption(
                                request.ciphertextBlob(),
                                request.sourceKeyId(),
                                from,
                                opening,
                                request.dryRun(),
                                request.dryRunModifiers())
                        .open(caller, uses, "ReEncrypt");
        KeyAction sealing =
                KeyAction.of(
                                "ReEncryptTo",
                                request.destinationEncryptionContext(),
                                request.grantTokens())
                        .with("kms:encryptionalgorithm", to);
        Usable target =
                uses.use(
                        caller,
                        request.destinationKeyId(),
                        sealing,
                        KeyUsage.ENCRYPT_DECRYPT,
                        "ReEncrypt");
        byte[] ciphertext =
                Encryption.encrypt(
                        target, uses.materials(), to, sealing.encryptionContext(), opened.plain());
        DryRun.end(request.dryRun());
        return ReEncryptResponse.builder()
                .ciphertextBlob(ciphertext)
                .sourceKeyId(opened.usable().key().arn())
                .keyId(target.key().arn())
                .sourceEncryptionAlgorithm(from)
                .destinationEncryptionAlgorithm(to)
                .sourceKeyMaterialId(MaterialIds.shown(opened.usable()))
                .destinationKeyMaterialId(MaterialIds.shown(target))
                .build();
    }

    private static String algorithm(@Nullable String asked) {
        return asked == null ? Encryption.SYMMETRIC : asked;
    }
}
