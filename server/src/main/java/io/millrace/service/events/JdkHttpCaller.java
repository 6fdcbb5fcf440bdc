package io.millrace.service.events;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// The JDK's HTTP client, made at its first use: it costs start-up time. Redirects are not
/// followed, so that no one is sent our secrets who was not named.
public final class JdkHttpCaller implements HttpCaller, AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable HttpClient client;

    @Override
    public Answer call(Request request) throws IOException, InterruptedException {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(request.uri())
                        .timeout(EventsLimits.ENDPOINT_TIMEOUT)
                        .method(
                                request.method(),
                                request.body().length == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach(builder::setHeader);
        CompletableFuture<HttpResponse<byte[]>> answer =
                client().sendAsync(builder.build(), _ -> new CappedBody());
        try {
            // the request's own timeout ends with the headers, this one with the body
            HttpResponse<byte[]> response =
                    answer.get(EventsLimits.ENDPOINT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), headers(response), response.body());
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("request timed out");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static Map<String, String> headers(HttpResponse<?> response) {
        Map<String, String> headers = new HashMap<>();
        response.headers()
                .map()
                .forEach((name, values) ->
                        headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        return headers;
    }

    /// Waits for nobody.
    @Override
    public void close() {
        HttpClient open = client;
        if (open != null) {
            open.shutdownNow();
        }
    }

    private HttpClient client() {
        HttpClient open = client;
        if (open != null) {
            return open;
        }
        lock.lock();
        try {
            open = client;
            if (open == null) {
                open =
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .followRedirects(HttpClient.Redirect.NEVER)
                                .connectTimeout(EventsLimits.ENDPOINT_TIMEOUT)
                                .executor(Executors.newVirtualThreadPerTaskExecutor())
                                .build();
                client = open;
            }
            return open;
        } finally {
            lock.unlock();
        }
    }
}
