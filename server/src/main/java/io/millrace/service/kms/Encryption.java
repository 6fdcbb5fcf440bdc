package io.millrace.service.kms;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Map;
import java.util.Optional;

import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/// Encryption with a key that may be used: AES-256-GCM, or RSA with OAEP, whose two hashes are the
/// same, as at AWS. Source: [key
/// specs](https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html).
final class Encryption {
    static final String SYMMETRIC = "SYMMETRIC_DEFAULT";

    private static final String OAEP = "RSA/ECB/OAEPPadding";

    private Encryption() {}

    static byte[] encrypt(
            Usable usable,
            Materials random,
            String algorithm,
            Map<String, String> context,
            byte[] plain) {
        check(usable.key(), algorithm, context);
        if (algorithm.equals(SYMMETRIC)) {
            return Ciphertext.seal(usable, random, context, plain).bytes();
        }
        int hashBytes = algorithm.endsWith("SHA_1") ? 20 : 32;
        int bytesMax = usable.key().spec().bits() / Byte.SIZE - 2 * hashBytes - 2;
        if (plain.length > bytesMax) {
            throw KmsErrors.validation(
                    "Algorithm %s and key spec %s cannot encrypt data larger than %d bytes."
                            .formatted(algorithm, usable.key().spec(), bytesMax));
        }
        try {
            Cipher cipher = Cipher.getInstance(OAEP);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    usable.pair().publicKey(),
                    parameters(algorithm),
                    random.random());
            return cipher.doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has this cipher
        }
    }

    /// @throws io.millrace.wire.ServiceException `InvalidCiphertextException`
    static byte[] decrypt(
            Usable usable, String algorithm, Map<String, String> context, byte[] ciphertext) {
        check(usable.key(), algorithm, context);
        if (algorithm.equals(SYMMETRIC)) {
            return Ciphertext.parse(ciphertext).open(usable, context);
        }
        return decryptOaep(usable.pair().privateKey(), algorithm, ciphertext)
                .orElseThrow(KmsErrors::invalidCiphertext);
    }

    /// Empty when it is not a ciphertext of that key.
    static Optional<byte[]> decryptOaep(PrivateKey key, String algorithm, byte[] ciphertext) {
        try {
            Cipher cipher = Cipher.getInstance(OAEP);
            cipher.init(Cipher.DECRYPT_MODE, key, parameters(algorithm));
            return Optional.of(cipher.doFinal(ciphertext));
        } catch (GeneralSecurityException _) { // which one, is nobody's business
            return Optional.empty();
        }
    }

    private static void check(StoredKey key, String algorithm, Map<String, String> context) {
        if (!key.spec().encryptionAlgorithms().contains(algorithm)) {
            throw KmsErrors.algorithm(algorithm, key.spec());
        }
        if (!algorithm.equals(SYMMETRIC) && !context.isEmpty()) {
            throw KmsErrors.validation(
                    "EncryptionContext is not supported with the algorithm " + algorithm + ".");
        }
    }

    private static OAEPParameterSpec parameters(String algorithm) {
        boolean sha1 = algorithm.endsWith("SHA_1");
        return new OAEPParameterSpec(
                sha1 ? "SHA-1" : "SHA-256",
                "MGF1",
                sha1 ? MGF1ParameterSpec.SHA1 : MGF1ParameterSpec.SHA256,
                PSource.PSpecified.DEFAULT);
    }
}
