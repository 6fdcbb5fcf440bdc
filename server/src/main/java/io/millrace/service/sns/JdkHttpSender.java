package io.millrace.service.sns;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// The JDK's HTTP client, made at its first use: it costs start-up time. Redirects are not
/// followed; a login in the URL is given to a server that asks for it.
public final class JdkHttpSender implements HttpSender, AutoCloseable {
    private static final int UNAUTHORIZED = 401;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable HttpClient client;

    @Override
    public int post(URI url, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        URI bare = HttpLogin.without(url);
        HttpResponse<Void> response = send(bare, headers, body);
        Optional<HttpLogin> login = HttpLogin.of(url);
        if (response.statusCode() != UNAUTHORIZED || login.isEmpty()) {
            return response.statusCode();
        }
        Optional<String> answer =
                login.get().answer(response.headers().allValues("WWW-Authenticate"), "POST", bare);
        if (answer.isEmpty()) {
            return response.statusCode();
        }
        Map<String, String> withLogin = new LinkedHashMap<>(headers);
        withLogin.put("Authorization", answer.get());
        return send(bare, withLogin, body).statusCode();
    }

    private HttpResponse<Void> send(URI url, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url)
                        .timeout(SnsLimits.HTTP_TIMEOUT)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        CompletableFuture<HttpResponse<Void>> answer =
                client().sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
        try {
            // the request's own timeout ends with the headers, this one with the body
            return answer.get(SnsLimits.HTTP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
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
                                .connectTimeout(SnsLimits.HTTP_TIMEOUT)
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
