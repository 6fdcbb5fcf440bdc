package io.millrace.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs requests truly, with Signature Version 4. What it signed is good for a quarter of an hour.
record Signer(String accessKeyId, String secretAccessKey) {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String DATE = "X-Amz-Date: ";
    private static final String AUTHORIZATION = "Authorization: ";
    private static final String TARGET = "X-Amz-Target: ";
    private static final String HEAD_END = "\r\n\r\n";

    /// What a server is started with that knows the key as its root's.
    Map<String, String> environment() {
        return Map.of(
                "MILLRACE_ACCESS_KEY_ID",
                accessKeyId,
                "MILLRACE_SECRET_ACCESS_KEY",
                secretAccessKey);
    }

    /// The request of [Request], which is a `POST` of `/`, with another date and signature.
    Request sign(Request request) {
        String text = new String(request.bytes(), StandardCharsets.ISO_8859_1);
        int bodyBegin = text.indexOf(HEAD_END) + HEAD_END.length();
        byte[] body = Arrays.copyOfRange(request.bytes(), bodyBegin, request.bytes().length);
        String timestamp = TIMESTAMP.format(Instant.now());
        String service = text.replaceFirst("(?s).*/us-east-1/([a-z]+)/aws4_request.*", "$1");
        String scope = timestamp.substring(0, 8) + "/us-east-1/" + service + "/aws4_request";
        String target = text.contains(TARGET) ? valueOf(text, TARGET) : "";
        String signed = target.isEmpty() ? "host;x-amz-date" : "host;x-amz-date;x-amz-target";
        String canonical =
                "POST\n/\n\nhost:localhost\nx-amz-date:%s\n%s\n%s\n%s"
                        .formatted(
                                timestamp,
                                target.isEmpty() ? "" : "x-amz-target:" + target + "\n",
                                signed,
                                sha256(body));
        String toSign =
                "AWS4-HMAC-SHA256\n%s\n%s\n%s"
                        .formatted(
                                timestamp,
                                scope,
                                sha256(canonical.getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        String head =
                replaced(
                        replaced(text.substring(0, bodyBegin), DATE, timestamp),
                        AUTHORIZATION,
                        "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                                .formatted(
                                        accessKeyId,
                                        scope,
                                        signed,
                                        HexFormat.of().formatHex(hmac(key, toSign))));
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, bytes, start.length, body.length);
        return new Request(request.name(), bytes);
    }

    private static String valueOf(String head, String name) {
        int begin = head.indexOf(name) + name.length();
        return head.substring(begin, head.indexOf("\r\n", begin));
    }

    private static String replaced(String head, String name, String value) {
        int begin = head.indexOf(name) + name.length();
        return head.substring(0, begin) + value + head.substring(head.indexOf("\r\n", begin));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
