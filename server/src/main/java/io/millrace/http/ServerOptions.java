package io.millrace.http;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// Where a server listens, and its bounds.
///
/// @param port 0 for any that is free
/// @param headBytesMax the first line and the header fields together, each
/// @param bodyBytesMax what no handler asks for more than; beyond it the connection ends at once
/// @param memoryBytesMax what bodies and long heads and answers of all requests take together; what
///   does not fit is refused
/// @param connectionCountMax connections beyond it are told that the server is busy, and end
/// @param idleTimeout how long a connection may wait for its next request
/// @param headTimeout how long a request's head may take
/// @param bodyTimeout how long its body may take
/// @param answerTimeout how long the client may take to read its answer
/// @param drainTimeout how long [Server#close] waits for requests that are being answered
/// @param tls null to speak without encryption
public record ServerOptions(
        String host,
        int port,
        int headBytesMax,
        int bodyBytesMax,
        long memoryBytesMax,
        int connectionCountMax,
        Duration idleTimeout,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration answerTimeout,
        Duration drainTimeout,
        @Nullable TlsOptions tls) {

    private static final int CONNECTION_COUNT_MAX = 16_384;
    private static final long HEAP_BYTES_PER_CONNECTION = 96 << 10;
    private static final int HEAP_SHARE = 8; // of which all bodies take one, as they were sent

    /// The usual bounds, which follow from the heap and from how many files may be open.
    public static ServerOptions of(String host, int port) {
        long heapBytes = Runtime.getRuntime().maxMemory();
        long byHeap = Math.min(CONNECTION_COUNT_MAX, heapBytes / HEAP_BYTES_PER_CONNECTION);
        long byFiles = OpenFiles.countMax() / 4 * 3L; // the store has some, too
        return new ServerOptions(
                host,
                port,
                64 << 10,
                32 << 20,
                heapBytes / HEAP_SHARE,
                (int) Math.min(byHeap, byFiles),
                Duration.ofSeconds(75),
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                null);
    }

    ServerOptions withTimeouts(Duration idle, Duration head, Duration body, Duration answer) {
        return new ServerOptions(
                host,
                port,
                headBytesMax,
                bodyBytesMax,
                memoryBytesMax,
                connectionCountMax,
                idle,
                head,
                body,
                answer,
                drainTimeout,
                tls);
    }

    /// Other bounds of what all connections take together.
    public ServerOptions withBounds(int connections, long memoryBytes) {
        return new ServerOptions(
                host,
                port,
                headBytesMax,
                bodyBytesMax,
                memoryBytes,
                connections,
                idleTimeout,
                headTimeout,
                bodyTimeout,
                answerTimeout,
                drainTimeout,
                tls);
    }

    /// As this, with what the server shows; null to speak without encryption.
    public ServerOptions withTls(@Nullable TlsOptions other) {
        return new ServerOptions(
                host,
                port,
                headBytesMax,
                bodyBytesMax,
                memoryBytesMax,
                connectionCountMax,
                idleTimeout,
                headTimeout,
                bodyTimeout,
                answerTimeout,
                drainTimeout,
                other);
    }
}
