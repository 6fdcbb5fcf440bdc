package io.millrace.service.secretsmanager;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// What a version keeps secret: a text, or bytes. Does not show itself.
final class SecretValue {
    private static final byte TEXT = 0;
    private static final byte BYTES = 1;

    /// The kind, and the value.
    private final byte[] bytes;

    private SecretValue(byte[] bytes) {
        this.bytes = bytes;
    }

    /// What a request has; null when it has none.
    ///
    /// @throws io.millrace.wire.ServiceException `InvalidParameterException` when it has both,
    ///   `ValidationException` when it is too long
    static @Nullable SecretValue of(@Nullable String text, byte @Nullable [] binary) {
        if (text != null && binary != null) {
            throw SecretsManagerErrors.twoValues();
        }
        if (text != null) {
            return of(TEXT, text.getBytes(StandardCharsets.UTF_8), "secretString");
        }
        return binary == null ? null : of(BYTES, binary, "secretBinary");
    }

    private static SecretValue of(byte kind, byte[] value, String member) {
        if (value.length > SecretsManagerLimits.VALUE_BYTES_MAX) {
            throw SecretsManagerErrors.tooLong(member);
        }
        byte[] bytes = new byte[1 + value.length];
        bytes[0] = kind;
        System.arraycopy(value, 0, bytes, 1, value.length);
        return new SecretValue(bytes);
    }

    /// What was stored.
    static SecretValue of(byte[] bytes) {
        return new SecretValue(bytes);
    }

    byte[] toBytes() {
        return bytes;
    }

    @Nullable String text() {
        return bytes[0] == TEXT
                ? new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8)
                : null;
    }

    byte @Nullable [] binary() {
        return bytes[0] == BYTES ? Arrays.copyOfRange(bytes, 1, bytes.length) : null;
    }

    boolean isSame(SecretValue other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }
}
