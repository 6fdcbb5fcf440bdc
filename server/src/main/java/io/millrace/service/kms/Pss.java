package io.millrace.service.kms;

import java.security.MessageDigest;
import java.util.Arrays;

/// EMSA-PSS of RFC 8017, section 9.1, for a digest that is there already, which the JDK's
/// `RSASSA-PSS` does not take. The mask is MGF1 with the same hash, the salt as long as the digest.
/// The modulus has a whole number of bytes.
final class Pss {
    private static final int ZEROS = 8;
    private static final byte TRAILER = (byte) 0xbc;
    private static final int TOP_BITS = 0x7f; // the encoding has a bit less than the modulus

    private final MessageDigest hash;
    private final int encodedBytes;

    /// @param modulusBytes the length of the modulus
    Pss(MessageDigest hash, int modulusBytes) {
        this.hash = hash;
        this.encodedBytes = modulusBytes;
    }

    byte[] encode(byte[] digest, byte[] salt) {
        byte[] seed = seed(digest, salt);
        byte[] block = new byte[encodedBytes - seed.length - 1];
        block[block.length - salt.length - 1] = 1;
        System.arraycopy(salt, 0, block, block.length - salt.length, salt.length);
        mask(block, seed);
        byte[] encoded = Arrays.copyOf(block, encodedBytes);
        System.arraycopy(seed, 0, encoded, block.length, seed.length);
        encoded[encodedBytes - 1] = TRAILER;
        return encoded;
    }

    boolean verify(byte[] digest, byte[] encoded) {
        int blockBytes = encodedBytes - hash.getDigestLength() - 1;
        if (encoded[encodedBytes - 1] != TRAILER || (encoded[0] & ~TOP_BITS) != 0) {
            return false;
        }
        byte[] seed = Arrays.copyOfRange(encoded, blockBytes, encodedBytes - 1);
        byte[] block = Arrays.copyOf(encoded, blockBytes);
        mask(block, seed);
        int saltAt = blockBytes - hash.getDigestLength();
        for (int i = 0; i < saltAt; i++) {
            if (block[i] != (i == saltAt - 1 ? 1 : 0)) {
                return false;
            }
        }
        byte[] salt = Arrays.copyOfRange(block, saltAt, blockBytes);
        return MessageDigest.isEqual(seed, seed(digest, salt));
    }

    private byte[] seed(byte[] digest, byte[] salt) {
        hash.update(new byte[ZEROS]);
        hash.update(digest);
        return hash.digest(salt);
    }

    private void mask(byte[] block, byte[] seed) {
        int counter = 0;
        for (int from = 0; from < block.length; counter++) {
            hash.update(seed);
            byte[] mask = hash.digest(new byte[] {0, 0, 0, (byte) counter}); // some blocks only
            for (int i = 0; i < mask.length && from < block.length; i++) {
                block[from++] ^= mask[i];
            }
        }
        block[0] &= TOP_BITS;
    }
}
