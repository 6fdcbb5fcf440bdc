package io.millrace.service.kms;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a caller wants of a key, as policies and grants see it.
///
/// @param name as IAM and grants name it, without its prefix: `ReEncryptFrom`
/// @param encryptionContext of the call; empty for none
/// @param grantTokens that the request brings
/// @param conditions condition keys that are known of the call, by their names in lower case
record KeyAction(
        String name,
        Map<String, String> encryptionContext,
        List<String> grantTokens,
        Map<String, List<String>> conditions) {

    KeyAction {
        encryptionContext = Map.copyOf(encryptionContext);
        grantTokens = List.copyOf(grantTokens);
        conditions = Map.copyOf(conditions);
    }

    static KeyAction of(String name) {
        return new KeyAction(name, Map.of(), List.of(), Map.of());
    }

    static KeyAction of(String name, @Nullable List<String> grantTokens) {
        return of(name, null, grantTokens);
    }

    static KeyAction of(
            String name,
            @Nullable Map<String, String> encryptionContext,
            @Nullable List<String> grantTokens) {
        return new KeyAction(
                name,
                encryptionContext == null ? Map.of() : encryptionContext,
                grantTokens == null ? List.of() : grantTokens,
                Map.of());
    }

    /// The same with one more condition key; without a value it stays absent.
    ///
    /// @param key in lower case
    KeyAction with(String key, @Nullable Object value) {
        return value == null ? this : with(key, List.of(String.valueOf(value)));
    }

    KeyAction with(String key, List<String> values) {
        Map<String, List<String>> more = new HashMap<>(conditions);
        more.put(key, values);
        return new KeyAction(name, encryptionContext, grantTokens, more);
    }
}
