package io.millrace.objects;

import io.millrace.objects.ObjectStorageException.Reason;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Buckets behind an endpoint that speaks S3: AWS's own, or another store that has the same API.
/// Buckets stand in the path, not in the host's name, so that any endpoint works.
///
/// The HTTP client is made with the first request, so that a server that needs none pays nothing.
/// Source: [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html).
public final class S3Storage implements ObjectStorage {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(5);
    private static final int ERROR_BYTES_MAX = 64 * 1024;
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final URI endpoint;
    private final S3Signature signature;
    private @Nullable HttpClient client;

    /// @param endpoint such as `https://s3.us-east-1.amazonaws.com`
    public S3Storage(URI endpoint, String region, S3Credentials credentials, InstantSource clock) {
        this.endpoint = endpoint;
        this.signature = new S3Signature(region, credentials, clock);
    }

    @Override
    public void put(String bucket, String key, byte[] content) {
        HttpResponse<InputStream> response = send("PUT", path(bucket, key), Map.of(), content);
        try (InputStream body = response.body()) {
            if (response.statusCode() != OK) {
                throw failure(response.statusCode(), body);
            }
            body.readNBytes(ERROR_BYTES_MAX);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    @Override
    public InputStream get(String bucket, String key) {
        HttpResponse<InputStream> response = send("GET", path(bucket, key), Map.of(), new byte[0]);
        if (response.statusCode() == OK) {
            return response.body();
        }
        try (InputStream body = response.body()) {
            throw failure(response.statusCode(), body);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    @Override
    public List<StoredObject> list(
            String bucket, String prefix, @Nullable String after, int countMax) {
        Map<String, String> query = new TreeMap<>();
        query.put("list-type", "2");
        query.put("max-keys", Integer.toString(countMax));
        query.put("prefix", prefix);
        if (after != null) {
            query.put("start-after", after);
        }
        HttpResponse<InputStream> response =
                send("GET", "/" + S3Signature.encode(bucket), query, new byte[0]);
        try (InputStream body = response.body()) {
            if (response.statusCode() != OK) {
                throw failure(response.statusCode(), body);
            }
            return S3Answers.objects(body);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private static String path(String bucket, String key) {
        StringBuilder path = new StringBuilder("/").append(S3Signature.encode(bucket));
        for (String part : key.split("/", -1)) {
            path.append('/').append(S3Signature.encode(part));
        }
        return path.toString();
    }

    private HttpResponse<InputStream> send(
            String method, String path, Map<String, String> query, byte[] content) {
        String queryText = S3Signature.query(query);
        String base = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
        String fullPath = (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
        URI uri =
                URI.create(
                        endpoint.getScheme()
                                + "://"
                                + endpoint.getRawAuthority()
                                + fullPath
                                + (queryText.isEmpty() ? "" : "?" + queryText));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .timeout(REQUEST_TIMEOUT)
                        .method(
                                method,
                                content.length == 0 && method.equals("GET")
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(content));
        signature
                .headers(
                        new S3Signature.Request(
                                method, endpoint.getRawAuthority(), fullPath, queryText, content))
                .forEach(request::header);
        try {
            return client().send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ObjectStorageException(Reason.UNAVAILABLE, "interrupted", e);
        }
    }

    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made =
                    HttpClient.newBuilder()
                            .connectTimeout(CONNECT_TIMEOUT)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .build();
            client = made;
        }
        return made;
    }

    private static ObjectStorageException failure(int status, InputStream body) throws IOException {
        String text = new String(body.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8);
        String code = S3Answers.errorCode(text);
        if (code.equals("NoSuchBucket")) {
            return ObjectStorageException.noSuchBucket();
        }
        if (code.equals("NoSuchKey") || status == NOT_FOUND) {
            return ObjectStorageException.noSuchKey();
        }
        String message = "Service: Amazon S3; Status Code: " + status + "; Error Code: " + code;
        return new ObjectStorageException(
                status == FORBIDDEN ? Reason.ACCESS_DENIED : Reason.UNAVAILABLE, message);
    }

    private static ObjectStorageException unavailable(IOException e) {
        return new ObjectStorageException(Reason.UNAVAILABLE, e.toString(), e);
    }
}
