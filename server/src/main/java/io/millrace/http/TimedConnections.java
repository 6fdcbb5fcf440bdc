package io.millrace.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;

import java.time.Duration;
import java.util.Set;

/// HTTP/1.1 connections with a deadline for each thing that they wait for: the next request, the
/// end of its head, the end of its body; and with a reader that can look ahead ([Incoming]). The
/// library's own limits time silence only, and a client that trickles is never silent.
///
/// The library's timer asks every connection for its idle time now and then, and closes those that
/// say too much; here that is: the deadline has passed.
final class TimedConnections implements ServerConnectionSelector {
    private static final Duration OVERDUE = Duration.ofDays(1);

    private final Http1Config config;
    private final ServerOptions options;
    private final ServerConnectionSelector plain;

    TimedConnections(Http1Config config, ServerOptions options) {
        this.config = config;
        this.options = options;
        this.plain = Http1ConnectionSelector.builder().config(config).build();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return plain.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return plain.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return plain.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext ctx) {
        Deadline deadline = new Deadline();
        deadline.after(options.idleTimeout());
        Http1Config listening =
                Http1Config.builder(config)
                        .addReceiveListener(new HeadListener(deadline, options))
                        .build();
        Incoming incoming = new Incoming(ctx);
        ConnectionContext ahead = new ReadAheadContext(ctx, DataReader.create(incoming::next));
        return new TimedConnection(
                Http1ConnectionSelector.builder().config(listening).build().connection(ahead),
                deadline,
                incoming);
    }

    /// Times a head from its first line to its last, and counts the bytes of a request: the library
    /// reads the line with a chunk's size however long it is.
    private static final class HeadListener implements Http1ConnectionListener {
        private final Deadline deadline;
        private final Duration timeout;
        private final long bytesMax;
        private long bytes;

        HeadListener(Deadline deadline, ServerOptions options) {
            this.deadline = deadline;
            this.timeout = options.headTimeout();
            this.bytesMax = 2L * options.bodyBytesMax();
        }

        @Override
        public void prologue(ConnectionContext ctx, HttpPrologue prologue) {
            deadline.after(timeout);
        }

        @Override
        public void headers(ConnectionContext ctx, Headers headers) {
            deadline.never();
            bytes = 0;
        }

        @Override
        public void data(ConnectionContext ctx, byte[] data, int position, int length) {
            bytes += length;
            if (bytes > bytesMax) {
                throw new CloseConnectionException("a request longer than " + bytesMax + " bytes");
            }
        }
    }

    private record TimedConnection(
            ServerConnection connection, Deadline deadline, Incoming incoming)
            implements ServerConnection, InterruptableTask<Void> {

        @Override
        public void handle(Limit limit) throws InterruptedException {
            ScopedValue.where(Deadline.CURRENT, deadline)
                    .where(Incoming.CURRENT, incoming)
                    .<Void, InterruptedException>call(() -> {
                        connection.handle(limit);
                        return null;
                    });
        }

        @Override
        public Duration idleTime() {
            return deadline.hasPassed() ? OVERDUE : Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
            connection.close(interrupt || deadline.hasPassed());
        }

        @Override
        public boolean canInterrupt() {
            return connection instanceof InterruptableTask<?> task && task.canInterrupt();
        }
    }
}
