package io.millrace.service.sts;

import io.millrace.federation.WebToken;
import io.millrace.identity.OidcProvider;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who a provider says that somebody is. Immutable. Source: [condition
/// keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif),
/// [session
/// tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp).
///
/// @param audience the client that the token was made for
/// @param conditions the condition keys that the token gives, by names in lower case
record WebIdentity(
        String providerArn,
        String subject,
        String audience,
        SortedMap<String, String> tags,
        List<String> transitiveTags,
        @Nullable String sourceIdentity,
        Map<String, List<String>> conditions) {
    static final List<String> REQUIRED = List.of("iss", "sub", "aud", "exp", "iat");

    private static final String TAGS = "https://aws.amazon.com/tags";
    private static final String SOURCE = "https://aws.amazon.com/source_identity";

    /// @throws io.millrace.wire.ServiceException `InvalidIdentityToken` for a token that is for
    ///   others than the provider's clients
    static WebIdentity of(OidcProvider provider, String accountId, WebToken token) {
        String subject = token.text("sub").orElseThrow(StsErrors::notAToken);
        List<String> audiences = token.texts("aud");
        String party = token.text("azp").orElse(null);
        String audience =
                audiences.stream()
                        .filter(each -> party == null || audiences.size() == 1)
                        .filter(provider.clientIds()::contains)
                        .findFirst()
                        .or(() -> token.text("azp").filter(provider.clientIds()::contains))
                        .orElseThrow(() -> StsErrors.invalidToken("Incorrect token audience"));
        SortedMap<String, String> tags = new TreeMap<>();
        JsonNode given = token.claims().path(TAGS);
        given.path("principal_tags")
                .properties()
                .forEach(tag ->
                        WebToken.texts(tag.getValue()).stream()
                                .findFirst()
                                .ifPresent(value -> tags.put(tag.getKey(), value)));
        SessionTags.check(tags);
        return new WebIdentity(
                provider.arn(accountId),
                subject,
                audience,
                tags,
                WebToken.texts(given.path("transitive_tag_keys")).stream()
                        .filter(key -> tags.get(key) != null)
                        .toList(),
                token.text(SOURCE).orElse(null),
                conditions(provider, accountId, token, audiences));
    }

    /// Where the token names an authorized party, that is its `aud`, and its audiences are `oaud`.
    private static Map<String, List<String>> conditions(
            OidcProvider provider, String accountId, WebToken token, List<String> audiences) {
        Map<String, List<String>> conditions = new HashMap<>();
        String prefix = provider.name().toLowerCase(Locale.ROOT) + ":";
        conditions.put("aws:federatedprovider", List.of(provider.arn(accountId)));
        conditions.put(prefix + "aud", token.text("azp").map(List::of).orElse(audiences));
        if (token.text("azp").isPresent()) {
            conditions.put(prefix + "oaud", audiences);
        }
        for (String claim : List.of("sub", "amr", "email")) {
            List<String> values = token.texts(claim);
            if (!values.isEmpty()) {
                conditions.put(prefix + claim, values);
            }
        }
        return Map.copyOf(conditions);
    }
}
