package io.millrace.wire;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What an identity may do by the policies that hang on it, each as its JSON text. What a
/// resource's own policy grants comes on top.
///
/// @param everything whether the identity needs no policy, as the account's root
/// @param policies of the identity and its groups, inline and managed
/// @param boundary the permissions boundary, which nothing of `policies` exceeds; null for none
/// @param sessionPolicies what a session was restricted to; null for a session without
public record Permissions(
        boolean everything,
        List<String> policies,
        @Nullable String boundary,
        @Nullable List<String> sessionPolicies) {

    /// Of the account itself.
    public static final Permissions ROOT = new Permissions(true, List.of(), null, null);

    public Permissions {
        policies = List.copyOf(policies);
        sessionPolicies = sessionPolicies == null ? null : List.copyOf(sessionPolicies);
    }

    /// Whether no policy is asked at all: also a root's session exceeds no policies that it was
    /// restricted to.
    public boolean unlimited() {
        return everything && sessionPolicies == null;
    }
}
