package io.millrace.objects;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs requests to S3 with Signature Version 4; the path is encoded once, as S3 wants it.
/// Thread-safe. Source: [AWS Signature Version
/// 4](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
final class S3Signature {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String HMAC = "HmacSHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int DATE_LENGTH = 8;

    private final String region;
    private final S3Credentials credentials;
    private final InstantSource clock;

    S3Signature(String region, S3Credentials credentials, InstantSource clock) {
        this.region = region;
        this.credentials = credentials;
        this.clock = clock;
    }

    /// @param path encoded
    /// @param query encoded and sorted
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(String method, String host, String path, String query, byte[] content) {}

    /// The headers that make a request a signed one; `Host` is sent anyway.
    Map<String, String> headers(Request request) {
        Instant now = clock.instant();
        String time = TIME.format(now);
        String scope = time.substring(0, DATE_LENGTH) + "/" + region + "/s3/aws4_request";
        Map<String, String> headers = new TreeMap<>();
        headers.put("x-amz-content-sha256", sha256(request.content()));
        headers.put("x-amz-date", time);
        if (credentials.sessionToken() != null) {
            headers.put("x-amz-security-token", credentials.sessionToken());
        }
        Map<String, String> signed = new TreeMap<>(headers);
        signed.put("host", request.host());
        String names = String.join(";", signed.keySet());
        StringBuilder canonical =
                new StringBuilder()
                        .append(request.method())
                        .append('\n')
                        .append(request.path())
                        .append('\n')
                        .append(request.query())
                        .append('\n');
        signed.forEach(
                (name, value) -> canonical.append(name).append(':').append(value).append('\n'));
        canonical.append('\n').append(names).append('\n').append(sha256(request.content()));
        String text =
                String.join(
                        "\n",
                        ALGORITHM,
                        time,
                        scope,
                        sha256(canonical.toString().getBytes(StandardCharsets.UTF_8)));
        String signature = HexFormat.of().formatHex(hmac(key(time), text));
        headers.put(
                "Authorization",
                ALGORITHM
                        + " Credential="
                        + credentials.accessKeyId()
                        + "/"
                        + scope
                        + ", SignedHeaders="
                        + names
                        + ", Signature="
                        + signature);
        return headers;
    }

    private byte[] key(String time) {
        byte[] secret = ("AWS4" + credentials.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
        byte[] day = hmac(secret, time.substring(0, DATE_LENGTH));
        return hmac(hmac(hmac(day, region), "s3"), "aws4_request");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Parameters, encoded, in the order of their names.
    static String query(Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        new TreeMap<>(parameters)
                .forEach((name, value) ->
                        query.append(query.isEmpty() ? "" : "&")
                                .append(encode(name))
                                .append('=')
                                .append(encode(value)));
        return query.toString();
    }

    /// Percent-encodes all but unreserved characters.
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-_.~".indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}
