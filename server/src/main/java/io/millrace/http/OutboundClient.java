package io.millrace.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLContext;

/// Calls of endpoints that our users name: the JDK's HTTP client, made at its first use, since it
/// costs start-up time. Redirects are not followed, so that no one is sent our secrets who was not
/// named. Thread-safe.
public final class OutboundClient implements AutoCloseable {
    private final Duration timeout;
    private final @Nullable SSLContext trust;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable HttpClient client;
    private boolean closed; // under the lock

    /// @param timeout of a connection, and of a call with its answer's body
    public OutboundClient(Duration timeout) {
        this(timeout, null);
    }

    /// @param trust what makes a certificate good; null for what the JDK trusts
    public OutboundClient(Duration timeout, @Nullable SSLContext trust) {
        this.timeout = timeout;
        this.trust = trust;
    }

    /// Sends a request and waits for its answer, whole.
    ///
    /// @throws HttpTimeoutException when headers or body are late
    /// @throws IOException also when this is closed
    public <T> HttpResponse<T> send(
            HttpRequest.Builder request, HttpResponse.BodyHandler<T> bodyHandler)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<T>> answer =
                client().sendAsync(request.timeout(timeout).build(), bodyHandler);
        try {
            // the request's own timeout ends with the headers, this one with the body
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
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
        HttpClient open;
        lock.lock();
        try {
            closed = true; // nobody makes another one, which nobody would close
            open = client;
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.shutdownNow();
        }
    }

    private HttpClient client() throws IOException {
        HttpClient open = client;
        if (open != null) {
            return open;
        }
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the server ends");
            }
            open = client;
            if (open == null) {
                HttpClient.Builder builder =
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .followRedirects(HttpClient.Redirect.NEVER)
                                .connectTimeout(timeout)
                                .executor(Executors.newVirtualThreadPerTaskExecutor());
                open = (trust == null ? builder : builder.sslContext(trust)).build();
                client = open;
            }
            return open;
        } finally {
            lock.unlock();
        }
    }
}
