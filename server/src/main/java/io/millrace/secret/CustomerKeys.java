package io.millrace.secret;

import io.millrace.engine.Snapshot;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/// The keys that customers have in KMS, as services see them whose resources are to be encrypted
/// with one: whether it may be used. Thread-safe.
@FunctionalInterface
public interface CustomerKeys {

    /// For services on their own: every key is there and enabled.
    CustomerKeys ANY = (_, _, _, _) -> new Answer(State.ENABLED, null, "");

    /// Whether a key may be used for encryption.
    enum State {
        ENABLED,
        NOT_FOUND,
        DISABLED,
        /// It waits for its deletion, or for its material.
        INVALID_STATE,
        /// It is not a symmetric key for encryption.
        INVALID_USAGE
    }

    /// What is told of a key.
    ///
    /// @param arn of the key; null when that is not known
    /// @param message why it may not be used, in KMS's words; empty when it may
    record Answer(State state, @Nullable String arn, String message) {

        public boolean isEnabled() {
            return state == State.ENABLED;
        }

        /// The name of KMS's error; empty when the key may be used.
        public String code() {
            return switch (state) {
                case ENABLED -> "";
                case NOT_FOUND -> "NotFoundException";
                case DISABLED -> "DisabledException";
                case INVALID_STATE -> "KMSInvalidStateException";
                case INVALID_USAGE -> "InvalidKeyUsageException";
            };
        }

        /// The message as services of AWS hand it on that were refused by KMS.
        ///
        /// @param requestId of the request that they refuse in turn
        public String handedOn(String requestId) {
            return message
                    + " (Service: AWSKMS; Status Code: 400; Error Code: "
                    + code()
                    + "; Request ID: "
                    + requestId
                    + "; Proxy: null)";
        }
    }

    /// Looks a key up, as `snapshot` has it.
    ///
    /// @param accountId whose resource is to be encrypted
    /// @param keyId the id or the ARN of a key or of an alias
    Answer find(Snapshot snapshot, String accountId, String region, String keyId);

    /// Requires that a key may be used for encryption.
    ///
    /// @param keyId null when there is to be none
    /// @param refusal the service's error of what KMS says
    default void require(
            Snapshot snapshot,
            String accountId,
            String region,
            @Nullable String keyId,
            Function<String, ? extends RuntimeException> refusal) {
        if (keyId != null) {
            Answer answer = find(snapshot, accountId, region, keyId);
            if (!answer.isEnabled()) {
                throw refusal.apply(answer.message());
            }
        }
    }
}
