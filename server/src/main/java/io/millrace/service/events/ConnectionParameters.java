package io.millrace.service.events;

import io.millrace.api.events.ConnectionApiKeyAuthResponseParameters;
import io.millrace.api.events.ConnectionAuthResponseParameters;
import io.millrace.api.events.ConnectionBasicAuthResponseParameters;
import io.millrace.api.events.ConnectionBodyParameter;
import io.millrace.api.events.ConnectionHeaderParameter;
import io.millrace.api.events.ConnectionHttpParameters;
import io.millrace.api.events.ConnectionOAuthClientResponseParameters;
import io.millrace.api.events.ConnectionOAuthResponseParameters;
import io.millrace.api.events.ConnectionQueryStringParameter;
import io.millrace.api.events.CreateConnectionApiKeyAuthRequestParameters;
import io.millrace.api.events.CreateConnectionAuthRequestParameters;
import io.millrace.api.events.CreateConnectionBasicAuthRequestParameters;
import io.millrace.api.events.CreateConnectionOAuthClientRequestParameters;
import io.millrace.api.events.CreateConnectionOAuthRequestParameters;
import io.millrace.api.events.UpdateConnectionApiKeyAuthRequestParameters;
import io.millrace.api.events.UpdateConnectionAuthRequestParameters;
import io.millrace.api.events.UpdateConnectionBasicAuthRequestParameters;
import io.millrace.api.events.UpdateConnectionOAuthClientRequestParameters;
import io.millrace.api.events.UpdateConnectionOAuthRequestParameters;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A connection's parameters: whether they fit its type, how an update changes them, and what of
/// them is shown.
final class ConnectionParameters {

    private ConnectionParameters() {}

    /// @throws io.millrace.wire.ServiceException when they do not fit
    static void check(String type, CreateConnectionAuthRequestParameters parameters) {
        if (parameters.connectivityParameters() != null) {
            throw EventsErrors.notImplemented("ConnectivityParameters (VPC Lattice)");
        }
        boolean basic = parameters.basicAuthParameters() != null;
        boolean oAuth = parameters.oAuthParameters() != null;
        boolean apiKey = parameters.apiKeyAuthParameters() != null;
        boolean fits =
                switch (type) {
                    case "BASIC" -> basic && !oAuth && !apiKey;
                    case StoredConnection.OAUTH -> oAuth && !basic && !apiKey;
                    default -> apiKey && !basic && !oAuth;
                };
        if (!fits) {
            throw EventsErrors.validation(
                    "Authorization parameters do not match the authorization type " + type + ".");
        }
        if (parameters.oAuthParameters() != null) {
            Endpoints.check(
                    "AuthorizationEndpoint", parameters.oAuthParameters().authorizationEndpoint());
        }
    }

    /// What `update` does not tell stays, as far as it belongs to the type.
    static CreateConnectionAuthRequestParameters merged(
            String type,
            @Nullable CreateConnectionAuthRequestParameters before,
            UpdateConnectionAuthRequestParameters update) {
        CreateConnectionAuthRequestParameters old =
                before == null ? CreateConnectionAuthRequestParameters.builder().build() : before;
        boolean isBasic = type.equals("BASIC") || update.basicAuthParameters() != null;
        boolean isOAuth = type.equals(StoredConnection.OAUTH) || update.oAuthParameters() != null;
        boolean isApiKey = type.equals("API_KEY") || update.apiKeyAuthParameters() != null;
        return new CreateConnectionAuthRequestParameters(
                isBasic ? basic(old.basicAuthParameters(), update.basicAuthParameters()) : null,
                isOAuth ? oAuth(old.oAuthParameters(), update.oAuthParameters()) : null,
                isApiKey ? apiKey(old.apiKeyAuthParameters(), update.apiKeyAuthParameters()) : null,
                or(update.invocationHttpParameters(), old.invocationHttpParameters()),
                update.connectivityParameters());
    }

    private static @Nullable CreateConnectionBasicAuthRequestParameters basic(
            @Nullable CreateConnectionBasicAuthRequestParameters old,
            @Nullable UpdateConnectionBasicAuthRequestParameters update) {
        if (update == null) {
            return old;
        }
        return new CreateConnectionBasicAuthRequestParameters(
                required(update.username(), old == null ? null : old.username()),
                required(update.password(), old == null ? null : old.password()));
    }

    private static @Nullable CreateConnectionApiKeyAuthRequestParameters apiKey(
            @Nullable CreateConnectionApiKeyAuthRequestParameters old,
            @Nullable UpdateConnectionApiKeyAuthRequestParameters update) {
        if (update == null) {
            return old;
        }
        return new CreateConnectionApiKeyAuthRequestParameters(
                required(update.apiKeyName(), old == null ? null : old.apiKeyName()),
                required(update.apiKeyValue(), old == null ? null : old.apiKeyValue()));
    }

    private static @Nullable CreateConnectionOAuthRequestParameters oAuth(
            @Nullable CreateConnectionOAuthRequestParameters old,
            @Nullable UpdateConnectionOAuthRequestParameters update) {
        if (update == null) {
            return old;
        }
        CreateConnectionOAuthClientRequestParameters client =
                old == null ? null : old.clientParameters();
        UpdateConnectionOAuthClientRequestParameters newClient = update.clientParameters();
        return new CreateConnectionOAuthRequestParameters(
                new CreateConnectionOAuthClientRequestParameters(
                        required(
                                newClient == null ? null : newClient.clientID(),
                                client == null ? null : client.clientID()),
                        required(
                                newClient == null ? null : newClient.clientSecret(),
                                client == null ? null : client.clientSecret())),
                required(
                        update.authorizationEndpoint(),
                        old == null ? null : old.authorizationEndpoint()),
                required(update.httpMethod(), old == null ? null : old.httpMethod()),
                or(update.oAuthHttpParameters(), old == null ? null : old.oAuthHttpParameters()));
    }

    private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
        return first == null ? second : first;
    }

    private static String required(@Nullable String first, @Nullable String second) {
        String value = or(first, second);
        if (value == null) {
            throw EventsErrors.validation(
                    "The authorization parameters of the connection are not complete.");
        }
        return value;
    }

    /// Without passwords, keys, client secrets, and values that are said to be secret.
    static ConnectionAuthResponseParameters shown(CreateConnectionAuthRequestParameters all) {
        CreateConnectionBasicAuthRequestParameters basic = all.basicAuthParameters();
        CreateConnectionApiKeyAuthRequestParameters apiKey = all.apiKeyAuthParameters();
        CreateConnectionOAuthRequestParameters oAuth = all.oAuthParameters();
        return ConnectionAuthResponseParameters.builder()
                .basicAuthParameters(
                        basic == null
                                ? null
                                : new ConnectionBasicAuthResponseParameters(basic.username()))
                .apiKeyAuthParameters(
                        apiKey == null
                                ? null
                                : new ConnectionApiKeyAuthResponseParameters(apiKey.apiKeyName()))
                .oAuthParameters(
                        oAuth == null
                                ? null
                                : new ConnectionOAuthResponseParameters(
                                        new ConnectionOAuthClientResponseParameters(
                                                oAuth.clientParameters().clientID()),
                                        oAuth.authorizationEndpoint(),
                                        oAuth.httpMethod(),
                                        shown(oAuth.oAuthHttpParameters())))
                .invocationHttpParameters(shown(all.invocationHttpParameters()))
                .build();
    }

    private static @Nullable ConnectionHttpParameters shown(
            @Nullable ConnectionHttpParameters all) {
        if (all == null) {
            return null;
        }
        return new ConnectionHttpParameters(
                list(all.headerParameters()).stream()
                        .map(p ->
                                new ConnectionHeaderParameter(
                                        p.key(),
                                        shown(p.value(), p.isValueSecret()),
                                        isSecret(p.isValueSecret())))
                        .toList(),
                list(all.queryStringParameters()).stream()
                        .map(p ->
                                new ConnectionQueryStringParameter(
                                        p.key(),
                                        shown(p.value(), p.isValueSecret()),
                                        isSecret(p.isValueSecret())))
                        .toList(),
                list(all.bodyParameters()).stream()
                        .map(p ->
                                new ConnectionBodyParameter(
                                        p.key(),
                                        shown(p.value(), p.isValueSecret()),
                                        isSecret(p.isValueSecret())))
                        .toList());
    }

    private static boolean isSecret(@Nullable Boolean flag) {
        return Boolean.TRUE.equals(flag);
    }

    private static @Nullable String shown(@Nullable String value, @Nullable Boolean secret) {
        return isSecret(secret) ? null : value;
    }

    static <T> List<T> list(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
