package io.millrace.service.sns;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/// The JDK's HTTP client, made at its first use: it costs start-up time.
public final class JdkHttpSender implements HttpSender, AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable HttpClient client;

    @Override
    public int post(URI url, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url)
                        .timeout(SnsLimits.HTTP_TIMEOUT)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return client().send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
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
