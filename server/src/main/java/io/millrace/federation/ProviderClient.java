package io.millrace.federation;

import io.millrace.http.OutboundClient;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/// Asks one provider. It is made for few questions, and follows no redirects.
final class ProviderClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5); // AWS's
    private static final int BODY_BYTES_MAX = 512 << 10;

    private final OutboundClient client;

    ProviderClient(List<String> thumbprints) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new ThumbprintTrust(thumbprints)}, null);
            client = new OutboundClient(TIMEOUT, context);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The body of an answer with status 200.
    byte[] get(URI uri) throws FederationException {
        try {
            HttpResponse<byte[]> response =
                    client.send(
                            HttpRequest.newBuilder(uri),
                            HttpResponse.BodyHandlers.limiting(
                                    HttpResponse.BodyHandlers.ofByteArray(), BODY_BYTES_MAX));
            if (response.statusCode() != 200) {
                throw noKeys(uri + " answered " + response.statusCode());
            }
            return response.body();
        } catch (SSLException e) {
            throw new FederationException(
                    FederationException.Reason.UNTRUSTED, uri + ": " + e.getMessage());
        } catch (HttpTimeoutException _) {
            throw noKeys(uri + " did not answer within " + TIMEOUT.toSeconds() + " s");
        } catch (IOException e) {
            throw noKeys(uri + ": " + e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw noKeys("interrupted");
        }
    }

    private static FederationException noKeys(String message) {
        return new FederationException(FederationException.Reason.NO_KEYS, message);
    }

    @Override
    public void close() {
        client.close();
    }
}
