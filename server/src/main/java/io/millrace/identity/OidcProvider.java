package io.millrace.identity;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// An identity provider that speaks OpenID Connect, and whom an account trusts. Immutable.
///
/// @param url with its scheme, as tokens name their issuer
/// @param clientIds the audiences whose tokens are taken
/// @param thumbprints SHA-1 sums of certificates, in hexadecimal
public record OidcProvider(
        String url,
        long createdMillis,
        List<String> clientIds,
        List<String> thumbprints,
        SortedMap<String, String> tags) {
    public static final String RESOURCE = "oidc-provider/";

    private static final String SCHEME_END = "://";

    public OidcProvider {
        clientIds = List.copyOf(clientIds);
        thumbprints = List.copyOf(thumbprints);
        tags = new TreeMap<>(tags);
    }

    /// What stands behind the scheme, as ARNs and condition keys have it.
    public static String name(String url) {
        int scheme = url.indexOf(SCHEME_END);
        return scheme < 0 ? url : url.substring(scheme + SCHEME_END.length());
    }

    public String name() {
        return name(url);
    }

    public String arn(String accountId) {
        return "arn:aws:iam::" + accountId + ":" + RESOURCE + name();
    }

    public OidcProvider withClientIds(List<String> newClientIds) {
        return new OidcProvider(url, createdMillis, newClientIds, thumbprints, tags);
    }

    public OidcProvider withThumbprints(List<String> newThumbprints) {
        return new OidcProvider(url, createdMillis, clientIds, newThumbprints, tags);
    }

    public OidcProvider withTags(Map<String, String> newTags) {
        return new OidcProvider(url, createdMillis, clientIds, thumbprints, new TreeMap<>(newTags));
    }
}
