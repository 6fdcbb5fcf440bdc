package io.millrace.federation;

import io.millrace.log.Log;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// The keys of providers, as they serve them at `/.well-known/openid-configuration` and what that
/// leads to. They are kept in memory; a token whose key is not among them makes them be fetched
/// again, though not at once again, since anybody may send such a token. Thread-safe. Source:
/// [OpenID Connect Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html).
public final class ProviderKeys {
    private static final Log LOG = Log.of(ProviderKeys.class);
    private static final String CONFIGURATION = "/.well-known/openid-configuration";
    private static final int PROVIDERS_MAX = 1_000;
    private static final int FETCHES_MAX = 8;
    private static final Duration KEPT = Duration.ofMinutes(15);
    private static final Duration RENEWED_AFTER = Duration.ofSeconds(10);
    private static final Duration FAILED_FOR = Duration.ofSeconds(2);

    private record Provider(String url, List<String> thumbprints) {}

    /// @param keys null when they could not be had
    private record Kept(Instant at, @Nullable KeySet keys, @Nullable FederationException failure) {}

    private final InstantSource clock;
    private final Map<Provider, Kept> kept = new ConcurrentHashMap<>();
    private final Semaphore fetches = new Semaphore(FETCHES_MAX);

    public ProviderKeys(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether a provider is one that can be asked: over HTTPS, or over HTTP on this machine.
    public static boolean isAddress(String url) {
        try {
            URI uri = new URI(url);
            return uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && ("https".equals(uri.getScheme())
                            || ("http".equals(uri.getScheme()) && isLocal(uri.getHost())));
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }

    /// Whether a key of the provider has signed the token.
    ///
    /// @param url the provider's, for which [#isAddress] holds
    /// @param thumbprints SHA-1 sums, in hexadecimal, of certificates that are trusted too
    /// @throws FederationException when its keys cannot be had
    public boolean verify(String url, List<String> thumbprints, WebToken token)
            throws FederationException {
        Provider provider = new Provider(url, List.copyOf(thumbprints));
        Kept known = kept.get(provider);
        if (known == null || isOld(known, token)) {
            known = fetched(provider, known);
        }
        if (known.failure() != null) {
            throw known.failure();
        }
        return known.keys() != null && known.keys().verifies(token);
    }

    private boolean isOld(Kept known, WebToken token) {
        Duration age = Duration.between(known.at(), clock.instant());
        if (known.keys() == null) {
            return age.compareTo(FAILED_FOR) > 0;
        }
        return age.compareTo(known.keys().hasKeyOf(token) ? KEPT : RENEWED_AFTER) > 0;
    }

    private Kept fetched(Provider provider, @Nullable Kept before) {
        Kept now;
        if (!fetches.tryAcquire()) {
            return failed("too many providers are being asked");
        }
        try {
            now = new Kept(clock.instant(), fetch(provider), null);
        } catch (FederationException e) {
            LOG.warning(
                    "The keys of an identity provider could not be had",
                    "provider",
                    provider.url(),
                    "reason",
                    String.valueOf(e.getMessage()));
            KeySet keys = before == null ? null : before.keys();
            now = new Kept(clock.instant(), keys, keys == null ? e : null);
        } finally {
            fetches.release();
        }
        if (kept.size() >= PROVIDERS_MAX) {
            kept.clear();
        }
        kept.put(provider, now);
        return now;
    }

    private Kept failed(String message) {
        return new Kept(
                clock.instant(),
                null,
                new FederationException(FederationException.Reason.NO_KEYS, message));
    }

    private static KeySet fetch(Provider provider) throws FederationException {
        try (ProviderClient client = new ProviderClient(provider.thumbprints())) {
            String base =
                    provider.url().endsWith("/")
                            ? provider.url().substring(0, provider.url().length() - 1)
                            : provider.url();
            byte[] configuration = client.get(URI.create(base + CONFIGURATION));
            String keys =
                    WebToken.JSON
                            .readTree(new String(configuration, StandardCharsets.UTF_8))
                            .path("jwks_uri")
                            .asString("");
            if (!isAddress(keys)) {
                throw new FederationException(
                        FederationException.Reason.NO_KEYS, "no jwks_uri over HTTPS");
            }
            return KeySet.of(client.get(URI.create(keys)));
        } catch (JacksonException e) {
            throw new FederationException(
                    FederationException.Reason.NO_KEYS, "no JSON: " + e.getOriginalMessage());
        }
    }
}
