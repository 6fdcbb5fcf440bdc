package io.millrace.app;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A call of a command to a running server: signed when the environment has credentials, as any AWS
/// tool finds them there.
final class ServerCall {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String HMAC = "HmacSHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int DATE_LENGTH = 8;

    /// What the server answered.
    record Answer(int status, String body) {}

    private final String endpoint;
    private final String region;
    private final Map<String, String> environment;

    ServerCall(String endpoint, String region, Map<String, String> environment) {
        this.endpoint =
                endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        this.region = region;
        this.environment = environment;
    }

    /// This one where the region counts, which only a signature tells: without credentials it is
    /// signed with some, which a server in development mode does not look at.
    ServerCall inRegion() {
        if (environment.containsKey("AWS_ACCESS_KEY_ID")
                || region.equals(Configuration.DEFAULT_REGION)) {
            return this;
        }
        Map<String, String> some = new HashMap<>(environment);
        some.put("AWS_ACCESS_KEY_ID", "development");
        some.put("AWS_SECRET_ACCESS_KEY", "development");
        return new ServerCall(endpoint, region, some);
    }

    /// @param service whose permissions count, as `events`
    /// @param body null for a GET
    /// @throws StartException when there is no answer, in words for people
    Answer send(String service, String path, String query, String body) throws StartException {
        String method = body.isEmpty() ? "GET" : "POST";
        URI uri;
        try {
            uri = URI.create(endpoint + path + (query.isEmpty() ? "" : "?" + query));
        } catch (IllegalArgumentException e) {
            throw new StartException("the endpoint is not a URL: " + endpoint, e);
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        String secret = environment.get("AWS_SECRET_ACCESS_KEY");
        String id = environment.get("AWS_ACCESS_KEY_ID");
        if (secret != null && id != null) {
            String text = method + "\n" + uri.getRawPath() + "\n" + query + "\n";
            sign(request, service, uri.getRawAuthority(), text, body, id, secret);
        }
        try (HttpClient client = client()) {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new StartException(
                    "no answer from " + endpoint + "; is a server running there?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
    }

    /// Trusts what `AWS_CA_BUNDLE` names, as AWS's tools do.
    private HttpClient client() throws StartException {
        String bundle = environment.get("AWS_CA_BUNDLE");
        if (bundle == null || bundle.isBlank()) {
            return HttpClient.newHttpClient();
        }
        try (InputStream in = Files.newInputStream(Path.of(bundle))) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null);
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca" + trusted.size(), each);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return HttpClient.newBuilder().sslContext(context).build();
        } catch (IOException | GeneralSecurityException e) {
            throw new StartException("cannot use AWS_CA_BUNDLE: " + e.getMessage(), e);
        }
    }

    /// Signature Version 4. Source: [IAM user
    /// guide](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
    private void sign(
            HttpRequest.Builder request,
            String service,
            String host,
            String requestLine,
            String body,
            String id,
            String secret) {
        String time = TIME.format(Instant.now());
        String day = time.substring(0, DATE_LENGTH);
        String scope = day + "/" + region + "/" + service + "/aws4_request";
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("x-amz-date", time);
        String token = environment.get("AWS_SESSION_TOKEN");
        if (token != null) {
            headers.put("x-amz-security-token", token);
        }
        headers.forEach(request::header);
        headers.put("host", host);
        StringBuilder canonical = new StringBuilder(requestLine);
        headers.forEach(
                (name, value) -> canonical.append(name).append(':').append(value).append('\n'));
        String names = String.join(";", headers.keySet());
        canonical.append('\n').append(names).append('\n').append(sha256(body));
        String toSign =
                ALGORITHM + "\n" + time + "\n" + scope + "\n" + sha256(canonical.toString());
        byte[] key = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), day);
        key = hmac(hmac(hmac(key, region), service), "aws4_request");
        request.header(
                "Authorization",
                ALGORITHM
                        + " Credential="
                        + id
                        + "/"
                        + scope
                        + ", SignedHeaders="
                        + names
                        + ", Signature="
                        + HexFormat.of().formatHex(hmac(key, toSign)));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
