package io.millrace.api;

import org.jspecify.annotations.Nullable;

/// One constraint of a model that a request violates.
///
/// @param member whose constraint it is
/// @param path where, in the spelling of most services: `keySchema.1.member.attributeName`
/// @param wirePath where, in the spelling of the wire: `KeySchema.1.member.AttributeName`
/// @param value the value as messages show it, or null when there is none
/// @param constraint what it should be: `Member must not be null`
public record Violation(
        Member member, String path, String wirePath, @Nullable String value, String constraint) {

    /// Whether a required member is missing.
    public boolean missing() {
        return value == null;
    }

    /// `Value '…' at '…' failed to satisfy constraint: …`
    public String message() {
        String shown = value == null ? " null" : member.sensitive() ? "" : " '" + value + "'";
        return "Value" + shown + " at '" + path + "' failed to satisfy constraint: " + constraint;
    }
}
