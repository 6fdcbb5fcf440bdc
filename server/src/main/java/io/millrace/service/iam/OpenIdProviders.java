package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.AddClientIDToOpenIDConnectProviderRequest;
import io.millrace.api.iam.CreateOpenIDConnectProviderRequest;
import io.millrace.api.iam.CreateOpenIDConnectProviderResponse;
import io.millrace.api.iam.DeleteOpenIDConnectProviderRequest;
import io.millrace.api.iam.GetOpenIDConnectProviderRequest;
import io.millrace.api.iam.GetOpenIDConnectProviderResponse;
import io.millrace.api.iam.ListOpenIDConnectProviderTagsRequest;
import io.millrace.api.iam.ListOpenIDConnectProviderTagsResponse;
import io.millrace.api.iam.ListOpenIDConnectProvidersRequest;
import io.millrace.api.iam.ListOpenIDConnectProvidersResponse;
import io.millrace.api.iam.OpenIDConnectProviderListEntry;
import io.millrace.api.iam.RemoveClientIDFromOpenIDConnectProviderRequest;
import io.millrace.api.iam.Tag;
import io.millrace.api.iam.TagOpenIDConnectProviderRequest;
import io.millrace.api.iam.UntagOpenIDConnectProviderRequest;
import io.millrace.api.iam.UpdateOpenIDConnectProviderThumbprintRequest;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.federation.ProviderKeys;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.OidcProvider;
import io.millrace.identity.OidcProviders;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Identity providers by OpenID Connect: `CreateOpenIDConnectProvider` and so on. What they are for
/// is `AssumeRoleWithWebIdentity`. Errors: `EntityAlreadyExists`, `InvalidInput`, `LimitExceeded`,
/// `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html).
final class OpenIdProviders {
    private static final String HTTPS = "https://";
    private static final String TAGS_QUOTA = "TagsPerOpenIdConnectProvider";

    private final IdentityStore identities;
    private final InstantSource clock;

    OpenIdProviders(IdentityStore identities, InstantSource clock) {
        this.identities = identities;
        this.clock = clock;
    }

    CreateOpenIDConnectProviderResponse create(
            Caller caller, CreateOpenIDConnectProviderRequest request) {
        if (!ProviderKeys.isAddress(request.url())) {
            throw IamErrors.validation("Invalid Open ID Connect Provider URL");
        }
        Map<String, String> tags = Tags.with(Map.of(), request.tags(), TAGS_QUOTA);
        OidcProvider provider =
                new OidcProvider(
                        request.url(),
                        clock.millis(),
                        clientIds(request.clientIDList()),
                        thumbprints(request.thumbprintList()),
                        new TreeMap<>(tags));
        String account = caller.accountId();
        identities.write(tx -> {
            List<OidcProvider> others = OidcProviders.all(tx, account);
            if (others.stream().anyMatch(each -> each.name().equals(provider.name()))) {
                throw IamErrors.alreadyExists(
                        "Provider with url " + request.url() + " already exists.");
            }
            if (others.size() >= IamLimits.OPEN_ID_PROVIDERS_MAX) {
                throw IamErrors.quota(
                        "OpenIdConnectProvidersPerAccount", IamLimits.OPEN_ID_PROVIDERS_MAX);
            }
            OidcProviders.put(tx, account, provider);
            return provider;
        });
        return new CreateOpenIDConnectProviderResponse(
                provider.arn(account), Tags.listOrNull(provider.tags()));
    }

    private static List<String> clientIds(@Nullable List<String> given) {
        List<String> ids = given == null ? List.of() : List.copyOf(new LinkedHashSet<>(given));
        if (ids.size() > IamLimits.CLIENT_IDS_MAX) {
            throw IamErrors.quota("ClientIdsPerOpenIdConnectProvider", IamLimits.CLIENT_IDS_MAX);
        }
        return ids;
    }

    private static List<String> thumbprints(@Nullable List<String> given) {
        List<String> thumbprints = given == null ? List.of() : given;
        if (thumbprints.size() > IamLimits.THUMBPRINTS_MAX) {
            throw IamErrors.invalidInput("Thumbprint list must contain fewer than 5 entries.");
        }
        for (String each : thumbprints) {
            if (!each.matches("[0-9a-fA-F]{40}")) {
                throw IamErrors.validation("Thumbprint " + each + " is not valid.");
            }
        }
        return thumbprints;
    }

    GetOpenIDConnectProviderResponse get(Caller caller, GetOpenIDConnectProviderRequest request) {
        OidcProvider provider =
                identities.read(
                        snapshot -> require(snapshot, caller, request.openIDConnectProviderArn()));
        return GetOpenIDConnectProviderResponse.builder()
                .url(provider.url().startsWith(HTTPS) ? provider.name() : provider.url())
                .clientIDList(provider.clientIds())
                .thumbprintList(provider.thumbprints())
                .createDate(Instant.ofEpochMilli(provider.createdMillis()))
                .tags(Tags.listOrNull(provider.tags()))
                .build();
    }

    private static OidcProvider require(Snapshot snapshot, Caller caller, String arn) {
        return OidcProviders.ofArn(snapshot, caller.accountId(), arn)
                .orElseThrow(() ->
                        IamErrors.noSuchEntity("OpenIDConnect Provider not found for arn " + arn));
    }

    ListOpenIDConnectProvidersResponse list(
            Caller caller, ListOpenIDConnectProvidersRequest request) {
        String account = caller.accountId();
        return new ListOpenIDConnectProvidersResponse(
                identities.read(snapshot -> OidcProviders.all(snapshot, account)).stream()
                        .map(each -> new OpenIDConnectProviderListEntry(each.arn(account)))
                        .toList());
    }

    Unit delete(Caller caller, DeleteOpenIDConnectProviderRequest request) {
        return identities.write(tx -> {
            OidcProvider provider = require(tx, caller, request.openIDConnectProviderArn());
            OidcProviders.remove(tx, caller.accountId(), provider);
            return Unit.UNIT;
        });
    }

    Unit addClientId(Caller caller, AddClientIDToOpenIDConnectProviderRequest request) {
        return change(
                caller,
                request.openIDConnectProviderArn(),
                provider -> {
                    List<String> ids = new ArrayList<>(provider.clientIds());
                    ids.add(request.clientID());
                    return provider.withClientIds(clientIds(ids));
                });
    }

    Unit removeClientId(Caller caller, RemoveClientIDFromOpenIDConnectProviderRequest request) {
        return change(
                caller,
                request.openIDConnectProviderArn(),
                provider ->
                        provider.withClientIds(
                                provider.clientIds().stream()
                                        .filter(each -> !each.equals(request.clientID()))
                                        .toList()));
    }

    Unit updateThumbprints(Caller caller, UpdateOpenIDConnectProviderThumbprintRequest request) {
        List<String> thumbprints = thumbprints(request.thumbprintList());
        return change(
                caller,
                request.openIDConnectProviderArn(),
                provider -> provider.withThumbprints(thumbprints));
    }

    Unit tag(Caller caller, TagOpenIDConnectProviderRequest request) {
        return change(
                caller,
                request.openIDConnectProviderArn(),
                provider ->
                        provider.withTags(Tags.with(provider.tags(), request.tags(), TAGS_QUOTA)));
    }

    Unit untag(Caller caller, UntagOpenIDConnectProviderRequest request) {
        return change(
                caller,
                request.openIDConnectProviderArn(),
                provider -> provider.withTags(Tags.without(provider.tags(), request.tagKeys())));
    }

    ListOpenIDConnectProviderTagsResponse listTags(
            Caller caller, ListOpenIDConnectProviderTagsRequest request) {
        OidcProvider provider =
                identities.read(
                        snapshot -> require(snapshot, caller, request.openIDConnectProviderArn()));
        ListPage<Tag> page = Tags.page(provider.tags(), request.marker(), request.maxItems());
        return new ListOpenIDConnectProviderTagsResponse(
                page.items(), page.isTruncated(), page.marker());
    }

    private Unit change(Caller caller, String arn, UnaryOperator<OidcProvider> change) {
        return identities.write(tx -> change(tx, caller, arn, change));
    }

    private static Unit change(
            Transaction tx, Caller caller, String arn, UnaryOperator<OidcProvider> change) {
        OidcProviders.put(tx, caller.accountId(), change.apply(require(tx, caller, arn)));
        return Unit.UNIT;
    }
}
