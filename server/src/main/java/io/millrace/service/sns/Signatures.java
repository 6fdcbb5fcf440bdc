package io.millrace.service.sns;

import java.util.HashMap;
import java.util.Map;

/// The signatures of one publish: each text is signed once, whatever the number of subscriptions
/// and however often the transaction's body runs. For one thread.
final class Signatures {
    private record Signed(String version, String text) {}

    private final SigningKeys keys;
    private final Map<Signed, String> made = new HashMap<>();

    Signatures(SigningKeys keys) {
        this.keys = keys;
    }

    String of(String version, String text) {
        return made.computeIfAbsent(
                new Signed(version, text), signed -> keys.sign(signed.version, signed.text));
    }

    String certificatePath() {
        return keys.path();
    }
}
