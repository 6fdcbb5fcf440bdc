package io.millrace.engine;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.lz4.Lz4JavaCompressor;
import io.airlift.compress.v3.lz4.Lz4JavaDecompressor;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReferenceArray;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/// What seals and opens values for [SealedValues], one at a time: AES-256-GCM, a block of AES, and
/// LZ4. Used by one thread between [Pool#take] and [Pool#giveBack].
final class ValueCipher {
    static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int KEY_BYTES = 32;
    private static final byte[] NO_STAMP = new byte[Long.BYTES];

    /// A compressed value must be smaller by one in so many.
    private static final int SAVED_PART_MIN = 8;

    private static final int SCRATCH_BYTES_MAX = 1 << 20;

    /// The keys of one opening of a store.
    record Keys(long salt, SecretKey value, SecretKey stamp) {

        static Keys derive(byte[] dataKey, long salt) {
            byte[] saltBytes = new byte[Long.BYTES];
            Bytes.writeLong(saltBytes, 0, salt);
            return new Keys(
                    salt,
                    derive(dataKey, saltBytes, "millrace value"),
                    derive(dataKey, saltBytes, "millrace stamp"));
        }

        private static SecretKey derive(byte[] dataKey, byte[] salt, String purpose) {
            try {
                return KDF.getInstance("HKDF-SHA256")
                        .deriveKey(
                                "AES",
                                HKDFParameterSpec.ofExtract()
                                        .addIKM(dataKey)
                                        .addSalt(salt)
                                        .thenExpand(
                                                purpose.getBytes(StandardCharsets.US_ASCII),
                                                KEY_BYTES));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e); // every Java has it
            }
        }
    }

    /// Ciphers that wait for work; requests come on too many threads for one each.
    static final class Pool {
        private static final int SLOTS = 16;

        private final AtomicReferenceArray<@Nullable ValueCipher> slots =
                new AtomicReferenceArray<>(SLOTS);

        ValueCipher take() {
            ValueCipher waiting = slots.getAndSet(slot(), null);
            return waiting == null ? new ValueCipher() : waiting;
        }

        void giveBack(ValueCipher cipher) {
            slots.set(slot(), cipher);
        }

        private static int slot() {
            return (int) Thread.currentThread().threadId() & SLOTS - 1;
        }
    }

    private final Cipher gcm;
    private final Cipher block;
    private final Lz4JavaCompressor compressor = new Lz4JavaCompressor();
    private final Lz4JavaDecompressor decompressor = new Lz4JavaDecompressor();
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final byte[] blockBytes = new byte[TAG_BYTES];
    private byte[] scratch = Bytes.EMPTY;
    private @Nullable Keys blockKeys;

    private ValueCipher() {
        try {
            gcm = Cipher.getInstance("AES/GCM/NoPadding");
            block = Cipher.getInstance("AES/ECB/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has these
        }
    }

    /// Begins a value with what stands at its front.
    void begin(boolean sealing, Keys keys, long number, byte[] header, int headerBytes) {
        Bytes.writeLong(nonce, NONCE_BYTES - Long.BYTES, number);
        try {
            gcm.init(
                    sealing ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
                    keys.value(),
                    new GCMParameterSpec(Byte.SIZE * TAG_BYTES, nonce));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // the same as ever
        }
        gcm.updateAAD(header, 0, headerBytes);
    }

    /// Goes on with the key, all but its stamp.
    void authenticate(byte[] key, int stampOffset) {
        if (stampOffset == Transaction.NO_STAMP) {
            gcm.updateAAD(key);
            return;
        }
        int behind = stampOffset + Long.BYTES;
        gcm.updateAAD(key, 0, stampOffset);
        gcm.updateAAD(NO_STAMP);
        gcm.updateAAD(key, behind, key.length - behind);
    }

    /// Ends with the value itself.
    void seal(byte[] value, byte[] sealed, int offset) {
        try {
            gcm.doFinal(value, 0, value.length, sealed, offset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // there is room
        }
    }

    /// Null when something of it all is not what was sealed.
    byte @Nullable [] open(byte[] sealed, int offset) {
        try {
            return gcm.doFinal(sealed, offset, sealed.length - offset);
        } catch (AEADBadTagException _) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // the same as ever
        }
    }

    /// Adds what stands for the stamp to a tag, or takes it away.
    void mask(Keys keys, long number, long stamp, byte[] bytes, int tagOffset) {
        Bytes.writeLong(blockBytes, 0, number);
        Bytes.writeLong(blockBytes, Long.BYTES, stamp);
        try {
            Keys before = blockKeys;
            if (before == null || before.salt() != keys.salt()) {
                block.init(Cipher.ENCRYPT_MODE, keys.stamp());
                blockKeys = keys;
            }
            block.doFinal(blockBytes, 0, TAG_BYTES, blockBytes, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // one whole block
        }
        for (int i = 0; i < TAG_BYTES; i++) {
            bytes[tagOffset + i] ^= blockBytes[i];
        }
    }

    /// The value, led by its length, compressed; null when that saves too little.
    byte @Nullable [] compress(byte[] value) {
        int room = compressor.maxCompressedLength(value.length);
        byte[] to = room <= scratch.length ? scratch : new byte[room];
        if (to.length <= SCRATCH_BYTES_MAX) {
            scratch = to;
        }
        int length = compressor.compress(value, 0, value.length, to, 0, to.length);
        if (length + Integer.BYTES > value.length - value.length / SAVED_PART_MIN) {
            return null;
        }
        return ByteBuffer.allocate(Integer.BYTES + length)
                .putInt(value.length)
                .put(to, 0, length)
                .array();
    }

    /// Null when it was not compressed by us.
    byte @Nullable [] decompress(byte[] packed) {
        int length = packed.length < Integer.BYTES ? -1 : ByteBuffer.wrap(packed).getInt();
        if (length < 0 || length > StoreLimits.VALUE_BYTES_MAX) {
            return null;
        }
        byte[] value = new byte[length];
        try {
            int offset = Integer.BYTES;
            int found =
                    decompressor.decompress(
                            packed, offset, packed.length - offset, value, 0, length);
            return found == length ? value : null;
        } catch (MalformedInputException _) {
            return null;
        }
    }
}
