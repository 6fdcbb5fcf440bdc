package io.millrace.service.events;

import io.millrace.api.events.ConnectionAuthResponseParameters;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// A connection's record.
///
/// @param id in its ARN, so that a connection of the same name made later has another one
/// @param shown the parameters without what is secret
/// @param secretName the last part of the secret's ARN
/// @param sealed all parameters, sealed by `secret.Secrets`; null when it was deauthorized
/// @param version raised by each change of the parameters
record StoredConnection(
        String accountId,
        String region,
        String name,
        String id,
        @Nullable String description,
        String authorizationType,
        String state,
        @Nullable String stateReason,
        @Nullable String kmsKeyIdentifier,
        @Nullable ConnectionAuthResponseParameters shown,
        String secretName,
        byte @Nullable [] sealed,
        long version,
        long createdMillis,
        long modifiedMillis,
        @Nullable Long authorizedMillis) {

    static final String RESOURCE = "connection/";
    static final String AUTHORIZED = "AUTHORIZED";
    static final String AUTHORIZING = "AUTHORIZING";
    static final String DEAUTHORIZED = "DEAUTHORIZED";
    static final String DEAUTHORIZING = "DEAUTHORIZING";
    static final String DELETING = "DELETING";
    static final String OAUTH = "OAUTH_CLIENT_CREDENTIALS";

    Arn arn() {
        return Arn.of("events", region, accountId, RESOURCE + name + "/" + id);
    }

    /// As Secrets Manager would name it.
    String secretArn() {
        String secret = "secret:events!connection/" + name + "/" + secretName;
        return Arn.of("secretsmanager", region, accountId, secret).toString();
    }

    boolean isOAuth() {
        return authorizationType.equals(OAUTH);
    }

    boolean isAuthorized() {
        return state.equals(AUTHORIZED);
    }

    Instant created() {
        return Instant.ofEpochMilli(createdMillis);
    }

    Instant modified() {
        return Instant.ofEpochMilli(modifiedMillis);
    }

    @Nullable Instant authorized() {
        return authorizedMillis == null ? null : Instant.ofEpochMilli(authorizedMillis);
    }

    /// The same, authorized now, or not and why.
    StoredConnection withState(String newState, @Nullable String reason, long nowMillis) {
        return new StoredConnection(
                accountId,
                region,
                name,
                id,
                description,
                authorizationType,
                newState,
                reason,
                kmsKeyIdentifier,
                shown,
                secretName,
                sealed,
                version,
                createdMillis,
                nowMillis,
                newState.equals(AUTHORIZED) ? Long.valueOf(nowMillis) : authorizedMillis);
    }

    /// The same under another description and key.
    StoredConnection described(
            @Nullable String newDescription, @Nullable String newKey, long nowMillis) {
        return new StoredConnection(
                accountId,
                region,
                name,
                id,
                newDescription,
                authorizationType,
                state,
                stateReason,
                newKey,
                shown,
                secretName,
                sealed,
                version,
                createdMillis,
                nowMillis,
                authorizedMillis);
    }

    /// The same without its secret.
    StoredConnection deauthorized(long nowMillis) {
        return new StoredConnection(
                accountId,
                region,
                name,
                id,
                description,
                authorizationType,
                DEAUTHORIZED,
                "The authorization parameters were removed from this connection by a"
                        + " DeauthorizeConnection operation.",
                kmsKeyIdentifier,
                ConnectionAuthResponseParameters.builder().build(),
                secretName,
                null,
                version + 1,
                createdMillis,
                nowMillis,
                authorizedMillis);
    }
}
