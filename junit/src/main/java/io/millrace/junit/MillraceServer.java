package io.millrace.junit;

import io.millrace.app.Configuration;
import io.millrace.app.Millrace;
import io.millrace.app.StartException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// A server in this process, with a temporary data directory that goes when it is closed.
///
/// ```java
/// try (MillraceServer server = MillraceServer.start()) {
///     SqsClient.builder().endpointOverride(server.endpoint())…
/// }
/// ```
///
/// Every access key of twelve digits is an account of its own.
public final class MillraceServer implements AutoCloseable {

    private static final long FIRST_ACCOUNT = 100_000_000_000L;

    private final Path data;
    private final AtomicLong accounts = new AtomicLong(FIRST_ACCOUNT);
    private Millrace millrace;

    private MillraceServer(Path data) throws StartException {
        this.data = data;
        this.millrace = Millrace.start(Configuration.of(data));
    }

    /// Starts a server that is ready when this returns.
    public static MillraceServer start() {
        try {
            return new MillraceServer(Files.createTempDirectory("millrace-test-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (StartException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The URL for the SDK's `endpointOverride`.
    public URI endpoint() {
        return URI.create(millrace.endpoint());
    }

    /// An account that nobody has used, to be taken as the access key.
    public String freshAccount() {
        return Long.toString(accounts.incrementAndGet());
    }

    /// Stops the server and starts it again on the same data and the same port.
    public void restart() {
        int port = millrace.port();
        millrace.close();
        try {
            millrace = Millrace.start(Configuration.of(data).withPort(port));
        } catch (StartException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        millrace.close();
        try (Stream<Path> paths = Files.walk(data)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
