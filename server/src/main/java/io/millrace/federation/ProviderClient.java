package io.millrace.federation;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/// Asks one provider. It is made for few questions, and follows no redirects.
final class ProviderClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5); // AWS's
    private static final int BODY_BYTES_MAX = 512 << 10;

    private final HttpClient client;

    ProviderClient(List<String> thumbprints) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new ThumbprintTrust(thumbprints)}, null);
            this.client =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(TIMEOUT)
                            .sslContext(context)
                            .executor(Executors.newVirtualThreadPerTaskExecutor())
                            .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The body of an answer with status 200.
    byte[] get(URI uri) throws FederationException {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        request,
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), BODY_BYTES_MAX));
        try {
            HttpResponse<byte[]> response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw noKeys(uri + " answered " + response.statusCode());
            }
            return response.body();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SSLException untrusted) {
                throw new FederationException(
                        FederationException.Reason.UNTRUSTED, uri + ": " + untrusted.getMessage());
            }
            throw noKeys(uri + ": " + e.getCause());
        } catch (TimeoutException _) {
            throw noKeys(uri + " did not answer within " + TIMEOUT.toSeconds() + " s");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw noKeys("interrupted");
        } finally {
            answer.cancel(true);
        }
    }

    private static FederationException noKeys(String message) {
        return new FederationException(FederationException.Reason.NO_KEYS, message);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
