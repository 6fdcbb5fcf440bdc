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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The keys of providers, as they serve them at `/.well-known/openid-configuration` and what that
/// leads to. They are kept in memory; a token whose key is not among them makes them be fetched
/// again, though not at once again, since anybody may send such a token. One question is under way
/// per provider; whose key is known waits for none. Thread-safe. Source: [OpenID Connect
/// Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html).
public final class ProviderKeys {
    private static final Log LOG = Log.of(ProviderKeys.class);
    private static final String CONFIGURATION = "/.well-known/openid-configuration";
    private static final int PROVIDERS_MAX = 1_000;
    private static final int FETCHES_MAX = 8;
    private static final Duration KEPT = Duration.ofMinutes(15);
    private static final Duration RENEWED_AFTER = Duration.ofSeconds(10);
    private static final Duration FAILED_FOR = Duration.ofSeconds(2);
    private static final Duration BELIEVED = Duration.ofHours(1); // of a provider that fails
    private static final int WAITING_MAX = 200;
    private static final long WAIT_SECONDS = 10; // two questions of a provider

    private record Provider(String url, List<String> thumbprints) {}

    /// @param at when the provider was asked
    /// @param fetchedAt when it gave the keys
    /// @param keys null when they could not be had
    private record Kept(
            Instant at,
            Instant fetchedAt,
            @Nullable KeySet keys,
            @Nullable FederationException failure) {}

    private final InstantSource clock;
    private final Map<Provider, Kept> kept = new ConcurrentHashMap<>();
    private final Map<Provider, CountDownLatch> asking = new ConcurrentHashMap<>();
    private final Semaphore fetches = new Semaphore(FETCHES_MAX);
    private final Semaphore waiting = new Semaphore(WAITING_MAX);

    public ProviderKeys(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether a provider is one that can be asked: over HTTPS, or over HTTP on this machine.
    public static boolean isAddress(String url) {
        URI uri = askable(url);
        return uri != null && uri.getRawQuery() == null;
    }

    /// Whether a provider may have its keys there: over HTTP only when it is itself asked so.
    static boolean isAddressOfKeys(String url, String provider) {
        URI uri = askable(url);
        return uri != null && (uri.getScheme().equals("https") || provider.startsWith("http:"));
    }

    private static @Nullable URI askable(String url) {
        try {
            URI uri = new URI(url);
            boolean askable =
                    uri.getHost() != null
                            && uri.getRawUserInfo() == null
                            && uri.getRawFragment() == null
                            && ("https".equals(uri.getScheme())
                                    || ("http".equals(uri.getScheme()) && isLocal(uri.getHost())));
            return askable ? uri : null;
        } catch (URISyntaxException _) {
            return null;
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
            known = renewed(provider, known, token);
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
        return !isBelieved(known)
                || age.compareTo(known.keys().hasKeyOf(token) ? KEPT : RENEWED_AFTER) > 0;
    }

    private boolean isBelieved(Kept known) {
        return Duration.between(known.fetchedAt(), clock.instant()).compareTo(BELIEVED) <= 0;
    }

    /// What is known when the provider was asked, by this thread or another.
    private Kept renewed(Provider provider, @Nullable Kept before, WebToken token) {
        boolean suffices =
                before != null
                        && before.keys() != null
                        && before.keys().hasKeyOf(token)
                        && isBelieved(before);
        Kept sufficient = suffices ? before : null;
        CountDownLatch mine = new CountDownLatch(1);
        CountDownLatch others = asking.putIfAbsent(provider, mine);
        if (others != null) {
            return sufficient == null ? awaited(provider, others) : sufficient;
        }
        try {
            Kept now = kept.get(provider);
            if (now != null && !now.equals(before)) {
                return now;
            }
            return asked(provider, before, sufficient);
        } finally {
            asking.remove(provider, mine);
            mine.countDown();
        }
    }

    private Kept awaited(Provider provider, CountDownLatch others) {
        if (waiting.tryAcquire()) {
            try {
                Kept now = others.await(WAIT_SECONDS, TimeUnit.SECONDS) ? kept.get(provider) : null;
                if (now != null) {
                    return now;
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                waiting.release();
            }
        }
        return failed("it is being asked, and does not answer");
    }

    /// @param sufficient what does when nobody can be asked now
    private Kept asked(Provider provider, @Nullable Kept before, @Nullable Kept sufficient) {
        if (!mayAsk(sufficient != null)) {
            return sufficient == null ? failed("too many providers are being asked") : sufficient;
        }
        Kept now;
        try {
            Instant at = clock.instant();
            now = new Kept(at, at, fetch(provider), null);
        } catch (FederationException e) {
            LOG.warning(
                    "The keys of an identity provider could not be had",
                    "provider",
                    provider.url(),
                    "reason",
                    String.valueOf(e.getMessage()));
            Instant at = clock.instant();
            now =
                    before != null && before.keys() != null && isBelieved(before)
                            ? new Kept(at, before.fetchedAt(), before.keys(), null)
                            : new Kept(at, at, null, e);
        } finally {
            fetches.release();
        }
        if (kept.size() >= PROVIDERS_MAX) {
            kept.clear();
        }
        kept.put(provider, now);
        return now;
    }

    private boolean mayAsk(boolean atOnce) {
        try {
            return fetches.tryAcquire(atOnce ? 0 : WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Kept failed(String message) {
        Instant now = clock.instant();
        return new Kept(
                now,
                now,
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
            if (!isAddressOfKeys(keys, provider.url())) {
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
