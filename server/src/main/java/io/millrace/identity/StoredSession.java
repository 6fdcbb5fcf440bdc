package io.millrace.identity;

import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A temporary access key: who got it, and what it was restricted to.
///
/// @param type what kind of principal uses it
/// @param principalId the unique id of the role or user behind it; empty for the account's root
/// @param principalName of that role or user, empty for the root
/// @param name of an assumed role's session or a federated user; empty for the principal itself
/// @param sealedSecret the secret access key, sealed for [StoredAccessKey#context]
/// @param sealedToken what has to come with each request, sealed for [#tokenContext]
/// @param policies what the session was restricted to; null for no restriction
/// @param tags of the session, by their keys
/// @param transitiveTags keys of the tags that stay when another role is assumed
/// @param sourceIdentity who is behind it, as the first in a chain of roles said
/// @param chained whether it began with another temporary key
/// @param mfaMillis when a code of a device was given for it; null for never
/// @param federation the condition keys that a provider's token gave; null when there was none
public record StoredSession(
        String accessKeyId,
        String accountId,
        PrincipalType type,
        String principalId,
        String principalName,
        String name,
        byte[] sealedSecret,
        byte[] sealedToken,
        long createdMillis,
        long expiresMillis,
        @Nullable List<String> policies,
        SortedMap<String, String> tags,
        List<String> transitiveTags,
        @Nullable String sourceIdentity,
        boolean chained,
        @Nullable Long mfaMillis,
        @Nullable Map<String, List<String>> federation) {

    public StoredSession {
        policies = policies == null ? null : List.copyOf(policies);
        tags = new TreeMap<>(tags);
        transitiveTags = List.copyOf(transitiveTags);
        federation = federation == null ? null : Map.copyOf(federation);
    }

    /// One that has not begun: without keys, times and restrictions.
    public static StoredSession wanted(
            String accountId,
            PrincipalType type,
            String principalId,
            String principalName,
            String name) {
        return new StoredSession(
                "",
                accountId,
                type,
                principalId,
                principalName,
                name,
                new byte[0],
                new byte[0],
                0,
                0,
                null,
                new TreeMap<>(),
                List.of(),
                null,
                false,
                null,
                null);
    }

    /// The same with its keys and times.
    public StoredSession begun(NewKey key, byte[] newToken, long nowMillis, long newExpiresMillis) {
        return new StoredSession(
                key.id(),
                accountId,
                type,
                principalId,
                principalName,
                name,
                key.sealed(),
                newToken,
                nowMillis,
                newExpiresMillis,
                policies,
                tags,
                transitiveTags,
                sourceIdentity,
                chained,
                mfaMillis,
                federation);
    }

    /// The same within these policies, with these tags.
    public StoredSession restricted(
            @Nullable List<String> documents, SortedMap<String, String> newTags) {
        return new StoredSession(
                accessKeyId,
                accountId,
                type,
                principalId,
                principalName,
                name,
                sealedSecret,
                sealedToken,
                createdMillis,
                expiresMillis,
                documents,
                newTags,
                transitiveTags,
                sourceIdentity,
                chained,
                mfaMillis,
                federation);
    }

    /// The same with what whoever began it hands on.
    ///
    /// @param newChained whether that was a session too
    /// @param newFederation the condition keys that a provider's token gave; null for none
    public StoredSession carrying(
            SortedMap<String, String> newTags,
            List<String> newTransitiveTags,
            @Nullable String newSourceIdentity,
            boolean newChained,
            @Nullable Map<String, List<String>> newFederation) {
        return new StoredSession(
                accessKeyId,
                accountId,
                type,
                principalId,
                principalName,
                name,
                sealedSecret,
                sealedToken,
                createdMillis,
                expiresMillis,
                policies,
                newTags,
                newTransitiveTags,
                newSourceIdentity,
                newChained,
                mfaMillis,
                newFederation);
    }

    /// The same for whoever gave a code of a device at this time.
    public StoredSession withMfa(long newMfaMillis) {
        return new StoredSession(
                accessKeyId,
                accountId,
                type,
                principalId,
                principalName,
                name,
                sealedSecret,
                sealedToken,
                createdMillis,
                expiresMillis,
                policies,
                tags,
                transitiveTags,
                sourceIdentity,
                chained,
                newMfaMillis,
                federation);
    }

    /// What a token is bound to.
    static String tokenContext(String accessKeyId) {
        return "session token of " + accessKeyId;
    }

    /// As condition keys have the tags of a principal.
    static void putTags(Map<String, List<String>> context, Map<String, String> tags) {
        tags.forEach((key, value) ->
                context.put("aws:principaltag/" + IdentityKeys.lower(key), List.of(value)));
    }
}
