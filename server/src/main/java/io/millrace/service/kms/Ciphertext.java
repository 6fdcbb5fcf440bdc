package io.millrace.service.kms;

import org.jspecify.annotations.Nullable;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What a symmetric key made: it tells itself which key and which of its materials opens it.
///
/// A byte for the format, eight for the account, a byte for the length of the key's id, the id, 32
/// bytes for the material's id, 16 random ones, a nonce of 12, and AES-256-GCM's output. All that
/// stands before the output, and the encryption context, is authenticated with it. The AES key is
/// made of the material and the random bytes, so that one material may seal without end.
///
/// @param head how many bytes stand before AES's output
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Ciphertext(String accountId, String keyId, String materialId, int head, byte[] bytes) {
    private static final byte FORMAT = 1;
    private static final int ID_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte[] PURPOSE = "millrace kms".getBytes(StandardCharsets.US_ASCII);

    /// @throws io.millrace.wire.ServiceException `InvalidCiphertextException`
    static Ciphertext parse(byte[] bytes) {
        try {
            ByteBuffer parts = ByteBuffer.wrap(bytes);
            if (parts.get() != FORMAT) {
                throw KmsErrors.invalidCiphertext();
            }
            String account = "%012d".formatted(parts.getLong());
            byte[] keyId = new byte[parts.get() & 0xff];
            parts.get(keyId);
            byte[] materialId = new byte[ID_BYTES];
            parts.get(materialId);
            int head = parts.position() + SALT_BYTES + NONCE_BYTES;
            if (bytes.length < head + TAG_BITS / Byte.SIZE) {
                throw KmsErrors.invalidCiphertext();
            }
            return new Ciphertext(
                    account,
                    new String(keyId, StandardCharsets.US_ASCII),
                    HexFormat.of().formatHex(materialId),
                    head,
                    bytes);
        } catch (BufferUnderflowException _) {
            throw KmsErrors.invalidCiphertext();
        }
    }

    static Ciphertext seal(
            Usable usable, Materials random, Map<String, String> context, byte[] plain) {
        byte[] keyId = usable.key().keyId().getBytes(StandardCharsets.US_ASCII);
        byte[] head =
                ByteBuffer.allocate(2 + Long.BYTES + keyId.length + ID_BYTES + saltAndNonce())
                        .put(FORMAT)
                        .putLong(Long.parseLong(usable.key().accountId()))
                        .put((byte) keyId.length)
                        .put(keyId)
                        .put(HexFormat.of().parseHex(usable.materialId()))
                        .put(random.randomBytes(saltAndNonce()))
                        .array();
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, usable.secret().key(), head, context);
            byte[] bytes = Arrays.copyOf(head, head.length + cipher.getOutputSize(plain.length));
            cipher.doFinal(plain, 0, plain.length, bytes, head.length);
            return new Ciphertext(
                    usable.key().accountId(),
                    usable.key().keyId(),
                    usable.materialId(),
                    head.length,
                    bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has this cipher
        }
    }

    /// @throws io.millrace.wire.ServiceException `InvalidCiphertextException`, also for another
    ///   encryption context
    byte[] open(Usable usable, Map<String, String> context) {
        byte[] before = Arrays.copyOf(bytes, head);
        try {
            return cipher(Cipher.DECRYPT_MODE, usable.secret().key(), before, context)
                    .doFinal(bytes, head, bytes.length - head);
        } catch (AEADBadTagException _) {
            throw KmsErrors.invalidCiphertext();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has this cipher
        }
    }

    /// The key in this region.
    KeyName key(String region) {
        return new KeyName(accountId, region, keyId);
    }

    private static int saltAndNonce() {
        return SALT_BYTES + NONCE_BYTES;
    }

    private static Cipher cipher(
            int mode, SecretKey material, byte[] head, Map<String, String> context)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(material);
        mac.update(PURPOSE);
        mac.update(head, head.length - saltAndNonce(), SALT_BYTES);
        SecretKeySpec key = new SecretKeySpec(mac.doFinal(), "AES");
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                key,
                new GCMParameterSpec(TAG_BITS, head, head.length - NONCE_BYTES, NONCE_BYTES));
        cipher.updateAAD(head);
        cipher.updateAAD(encode(context));
        return cipher;
    }

    /// In the order of keys, each text after its length: two contexts never look the same.
    private static byte[] encode(@Nullable Map<String, String> context) {
        if (context == null || context.isEmpty()) {
            return new byte[0];
        }
        ByteBuffer[] parts = new ByteBuffer[2 * context.size()];
        int count = 0;
        int size = 0;
        for (Map.Entry<String, String> entry : new TreeMap<>(context).entrySet()) {
            for (String text : new String[] {entry.getKey(), entry.getValue()}) {
                parts[count] = StandardCharsets.UTF_8.encode(text);
                size += Integer.BYTES + parts[count++].remaining();
            }
        }
        ByteBuffer encoded = ByteBuffer.allocate(size);
        for (ByteBuffer part : parts) {
            encoded.putInt(part.remaining()).put(part);
        }
        return encoded.array();
    }
}
