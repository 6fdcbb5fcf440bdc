package io.millrace.secret;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256-GCM: a nonce of 12 random bytes, the ciphertext, and its tag of 16 bytes.
///
/// One key may seal some four thousand million texts before two random nonces may be expected to
/// meet with a chance of one in four thousand million. Source: NIST SP 800-38D, section 8.3.
final class Sealing {
    static final int KEY_BYTES = 32;
    static final int NONCE_BYTES = 12;

    private static final int TAG_BITS = 128;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private Sealing() {}

    static byte[] seal(byte[] key, byte[] nonce, byte[] context, byte[] plain) {
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, context).doFinal(plain);
            return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has this cipher
        }
    }

    /// @throws AEADBadTagException when the key, the context or the text is not the right one
    static byte[] open(byte[] key, byte[] context, byte[] sealed) throws AEADBadTagException {
        if (sealed.length < NONCE_BYTES) {
            throw new AEADBadTagException("too short");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        ByteBuffer.wrap(sealed).get(nonce);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, context)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has this cipher
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] context)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }
}
