package io.millrace.identity;

import org.jspecify.annotations.Nullable;

/// What roles have beyond other principals.
///
/// @param trustPolicy who may assume it
/// @param maxSessionSeconds how long a session may last
/// @param service of a service-linked role, as `pipes.amazonaws.com`
public record RoleTraits(
        String trustPolicy,
        @Nullable String description,
        int maxSessionSeconds,
        @Nullable String service) {

    public RoleTraits withTrustPolicy(String document) {
        return new RoleTraits(document, description, maxSessionSeconds, service);
    }

    public RoleTraits withDescription(@Nullable String text) {
        return new RoleTraits(trustPolicy, text, maxSessionSeconds, service);
    }

    public RoleTraits withMaxSessionSeconds(int seconds) {
        return new RoleTraits(trustPolicy, description, seconds, service);
    }
}
