package io.millrace.service.sns;

import io.millrace.engine.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// The signatures of one publish: each text is signed once, whatever the number of subscriptions
/// and however often the transaction's body runs. For one thread.
final class Signatures {
    private record Signed(String version, String text) {}

    private final SigningKeys keys;
    private final Map<Signed, String> made = new HashMap<>();
    private @Nullable Transaction transaction;

    Signatures(SigningKeys keys) {
        this.keys = keys;
    }

    /// From now on a transaction's body asks, which must not open another one for the key.
    Signatures within(Transaction current) {
        transaction = current;
        return this;
    }

    String of(String version, String text) {
        return made.computeIfAbsent(
                new Signed(version, text),
                signed -> keys.sign(transaction, signed.version, signed.text));
    }

    String certificatePath() {
        return keys.path();
    }
}
