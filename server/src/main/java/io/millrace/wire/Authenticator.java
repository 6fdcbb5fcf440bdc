package io.millrace.wire;

import io.millrace.http.Body;
import io.millrace.http.Request;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Decides whether a request comes from whom it says. In development mode everyone is who they say.
/// Immutable.
final class Authenticator {
    private static final Duration SKEW_MAX = Duration.ofMinutes(15);
    private static final long EXPIRES_SECONDS_MAX = 604_800;
    private static final String TERMINATOR = "aws4_request";
    private static final String MAC = "HmacSHA256";
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Identities identities;
    private final InstantSource clock;

    Authenticator(Identities identities, InstantSource clock) {
        this.identities = identities;
        this.clock = clock;
    }

    boolean believesEveryone() {
        return identities.believesEveryone();
    }

    /// @param service the service that the request is for, as credential scopes name it
    /// @return who signed
    /// @throws ServiceException when the request is not to be answered
    Identity check(Request request, Body body, Authorization authorization, String service) {
        String declaredHash = declaredPayloadHash(request);
        if (declaredHash != null && declaredHash.startsWith("STREAMING-")) {
            throw CommonErrors.notImplemented("signed streaming (" + declaredHash + ")");
        }
        Identity identity = identities.holder(authorization.accessKeyId());
        if (identities.believesEveryone()) {
            return identity == null
                    ? stranger(authorization.accessKeyId())
                    : used(identity, authorization, service);
        }
        if (identity == null
                || !sameToken(identity.credential().sessionToken(), authorization.sessionToken())) {
            throw CommonErrors.unrecognizedClient();
        }
        List<String> signedHeaders = authorization.signedHeaderNames();
        checkSignedHeaders(request, signedHeaders);
        Instant signed = timestamp(authorization.timestamp());
        checkScope(authorization, service, signed);
        checkTime(authorization, signed);
        String payloadHash =
                CanonicalRequest.UNSIGNED_PAYLOAD.equals(declaredHash)
                        ? CanonicalRequest.UNSIGNED_PAYLOAD
                        : CanonicalRequest.sha256(body.raw());
        String canonical = CanonicalRequest.of(request, signedHeaders, payloadHash);
        String expected = signature(identity.credential(), authorization, signed, canonical);
        if (!CanonicalRequest.same(expected, authorization.signature())) {
            throw CommonErrors.signatureDoesNotMatch();
        }
        return used(identity, authorization, service);
    }

    private Identity used(Identity identity, Authorization authorization, String service) {
        checkNotExpired(identity);
        identities.used(identity, service, authorization.region());
        return identity;
    }

    private void checkNotExpired(Identity identity) {
        Instant expiresAt = identity.credential().expiresAt();
        if (expiresAt != null && !clock.instant().isBefore(expiresAt)) {
            throw CommonErrors.expiredToken();
        }
    }

    /// Who is believed to be the account that the key names.
    private static Identity stranger(String accessKeyId) {
        return Identity.root(new Credential(accessKeyId, "", null));
    }

    private static boolean sameToken(@Nullable String expected, @Nullable String given) {
        return (expected == null || given == null)
                ? Objects.equals(expected, given)
                : CanonicalRequest.same(expected, given);
    }

    private static @Nullable String declaredPayloadHash(Request request) {
        String header = request.header("x-amz-content-sha256");
        return header != null || !request.query().contains("X-Amz-Content-Sha256")
                ? header
                : QueryString.parameters(request.query()).get("X-Amz-Content-Sha256");
    }

    /// What decides where a request goes and when must be covered by the signature.
    private static void checkSignedHeaders(Request request, List<String> signedHeaders) {
        for (String name : new String[] {"host", "x-amz-date", "x-amz-target"}) {
            if (request.header(name) != null && !signedHeaders.contains(name)) {
                throw CommonErrors.invalidSignature(
                        "'"
                                + (name.equals("host") ? "Host" : name)
                                + "' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }
    }

    private static Instant timestamp(String text) {
        try {
            return TIMESTAMP.parse(text, Instant::from);
        } catch (DateTimeException _) {
            try {
                return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
            } catch (DateTimeException _) {
                throw CommonErrors.incompleteSignature(
                        "Date must be in ISO-8601 'basic format'. Got '"
                                + text
                                + "'. See http://en.wikipedia.org/wiki/ISO_8601");
            }
        }
    }

    private static void checkScope(Authorization authorization, String service, Instant signed) {
        if (!authorization.terminator().equals(TERMINATOR)) {
            throw CommonErrors.invalidSignature(
                    "Credential should be scoped with a valid terminator: 'aws4_request', not '"
                            + authorization.terminator()
                            + "'.");
        }
        if (!authorization.service().equals(service)) {
            throw CommonErrors.invalidSignature(
                    "Credential should be scoped to correct service: '" + service + "'.");
        }
        if (authorization.region().isEmpty()) {
            throw CommonErrors.invalidSignature(
                    "Credential should be scoped to a valid region, not ''.");
        }
        String day = TIMESTAMP.format(signed).substring(0, "yyyymmdd".length());
        if (!authorization.scopeDate().equals(day)) {
            throw CommonErrors.invalidSignature(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of"
                            + " date from HTTP: '"
                            + authorization.scopeDate()
                            + "' != '"
                            + day
                            + "', from '"
                            + TIMESTAMP.format(signed)
                            + "'.");
        }
    }

    private void checkTime(Authorization authorization, Instant signed) {
        Instant now = clock.instant();
        Duration good = SKEW_MAX;
        String allowance = " - 15 min.)";
        String expires = authorization.expiresSeconds();
        if (expires != null) {
            good = expires(expires);
            allowance = " - " + good.toSeconds() + " sec.)";
        }
        Instant earliest = now.minus(good);
        if (signed.isBefore(earliest)) {
            throw CommonErrors.invalidSignature(
                    "Signature expired: "
                            + TIMESTAMP.format(signed)
                            + " is now earlier than "
                            + TIMESTAMP.format(earliest)
                            + " ("
                            + TIMESTAMP.format(now)
                            + allowance);
        }
        Instant latest = now.plus(SKEW_MAX);
        if (signed.isAfter(latest)) {
            throw CommonErrors.invalidSignature(
                    "Signature not yet current: "
                            + TIMESTAMP.format(signed)
                            + " is still later than "
                            + TIMESTAMP.format(latest)
                            + " ("
                            + TIMESTAMP.format(now)
                            + " + 15 min.)");
        }
    }

    private static Duration expires(String text) {
        long seconds;
        try {
            seconds = Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw CommonErrors.incompleteSignature("X-Amz-Expires should be a number");
        }
        if (seconds < 0) {
            throw CommonErrors.incompleteSignature("X-Amz-Expires must be non-negative");
        }
        if (seconds > EXPIRES_SECONDS_MAX) {
            throw CommonErrors.incompleteSignature(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given"
                            + " X-Amz-Expires must be less than 604800 seconds");
        }
        return Duration.ofSeconds(seconds);
    }

    private static String signature(
            Credential credential,
            Authorization authorization,
            Instant signed,
            String canonicalRequest) {
        String text =
                Authorization.ALGORITHM
                        + "\n"
                        + TIMESTAMP.format(signed)
                        + "\n"
                        + authorization.scope()
                        + "\n"
                        + CanonicalRequest.sha256(canonicalRequest);
        byte[] key = ("AWS4" + credential.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
        key = hmac(key, authorization.scopeDate());
        key = hmac(key, authorization.region());
        key = hmac(key, authorization.service());
        key = hmac(key, authorization.terminator());
        return HexFormat.of().formatHex(hmac(key, text));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
