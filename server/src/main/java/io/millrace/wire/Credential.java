package io.millrace.wire;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// An access key that may sign requests.
///
/// @param sessionToken what has to come with a temporary key; null for a lasting one
/// @param expiresAt until when a temporary key is good; null for a lasting one
public record Credential(
        String accessKeyId,
        String secretAccessKey,
        @Nullable String sessionToken,
        @Nullable Instant expiresAt) {
    /// The account of access keys that do not name one.
    public static final String DEFAULT_ACCOUNT_ID = "000000000000";

    private static final int ACCOUNT_ID_DIGITS = 12;

    public Credential(String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {
        this(accessKeyId, secretAccessKey, sessionToken, null);
    }

    /// The account that an access key acts in: the key itself when that is 12 digits.
    static String accountId(String accessKeyId) {
        return accessKeyId.length() == ACCOUNT_ID_DIGITS
                        && accessKeyId.chars().allMatch(c -> c >= '0' && c <= '9')
                ? accessKeyId
                : DEFAULT_ACCOUNT_ID;
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "Credential[" + accessKeyId + "]";
    }
}
