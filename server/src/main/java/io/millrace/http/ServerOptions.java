package io.millrace.http;

import java.time.Duration;

/// Where a server listens, and its bounds.
///
/// @param port 0 for any that is free
/// @param headBytesMax the first line and the header fields together, each
/// @param bodyBytesMax what no handler asks for more than; beyond it the connection ends at once
/// @param connectionCountMax connections beyond it wait to be accepted
/// @param idleTimeout how long a connection may wait for its next request
/// @param headTimeout how long a request's head may take
/// @param bodyTimeout how long its body may take
/// @param drainTimeout how long [Server#close] waits for requests that are being answered
public record ServerOptions(
        String host,
        int port,
        int headBytesMax,
        int bodyBytesMax,
        int connectionCountMax,
        Duration idleTimeout,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration drainTimeout) {

    /// The usual bounds.
    public static ServerOptions of(String host, int port) {
        return new ServerOptions(
                host,
                port,
                64 << 10,
                32 << 20,
                4096,
                Duration.ofSeconds(75),
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                Duration.ofSeconds(2));
    }

    ServerOptions withTimeouts(Duration idle, Duration head, Duration body) {
        return new ServerOptions(
                host,
                port,
                headBytesMax,
                bodyBytesMax,
                connectionCountMax,
                idle,
                head,
                body,
                drainTimeout);
    }
}
