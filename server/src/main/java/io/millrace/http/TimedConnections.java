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

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

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
    private final MemoryBudget memory;
    private final Supplier<byte[]> busy;
    private final ServerConnectionSelector plain;
    private final Turnstile turnstile;
    private final Excess excess;
    private final AtomicInteger count = new AtomicInteger();

    /// @param busy what connections beyond the limit are told
    TimedConnections(
            Http1Config config,
            ServerOptions options,
            MemoryBudget memory,
            Turnstile turnstile,
            Excess excess,
            Supplier<byte[]> busy) {
        this.config = config;
        this.options = options;
        this.memory = memory;
        this.turnstile = turnstile;
        this.excess = excess;
        this.busy = busy;
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
        MemoryBudget.Share share = memory.share();
        Incoming incoming = new Incoming(ctx, deadline, share, turnstile.visitor());
        DataReader reader = DataReader.create(incoming::next);
        incoming.refuseExcess(
                bytes -> reader.available() == 0 && excess.refuse(bytes, ctx, deadline));
        Http1Config listening =
                Http1Config.builder(config)
                        // alone: the library lets a list of several hear nothing of heads
                        .receiveListeners(List.of(new HeadListener(deadline, incoming, options)))
                        .build();
        ConnectionContext ahead = new ReadAheadContext(ctx, reader);
        ServerConnection connection =
                Http1ConnectionSelector.builder().config(listening).build().connection(ahead);
        return new TimedConnection(ctx, connection, deadline, incoming, share);
    }

    /// Times a head from its first line to its last, and counts the bytes of a request: the library
    /// reads the line with a chunk's size however long it is.
    private static final class HeadListener implements Http1ConnectionListener {
        private final Deadline deadline;
        private final Incoming incoming;
        private final Duration timeout;
        private final long bytesMax;
        private long bytes;

        HeadListener(Deadline deadline, Incoming incoming, ServerOptions options) {
            this.deadline = deadline;
            this.incoming = incoming;
            this.timeout = options.headTimeout();
            this.bytesMax = 2L * options.bodyBytesMax();
        }

        @Override
        public void prologue(ConnectionContext ctx, HttpPrologue prologue) {
            deadline.after(timeout);
            incoming.lineEnded();
        }

        @Override
        public void headers(ConnectionContext ctx, Headers headers) {
            deadline.never();
            incoming.headEnded();
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

    private final class TimedConnection implements ServerConnection, InterruptableTask<Void> {
        private final ConnectionContext context;
        private final ServerConnection connection;
        private final Deadline deadline;
        private final Incoming incoming;
        private final MemoryBudget.Share share;

        TimedConnection(
                ConnectionContext context,
                ServerConnection connection,
                Deadline deadline,
                Incoming incoming,
                MemoryBudget.Share share) {
            this.context = context;
            this.connection = connection;
            this.deadline = deadline;
            this.incoming = incoming;
            this.share = share;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            try {
                if (count.incrementAndGet() > options.connectionCountMax()) {
                    refuse();
                    return;
                }
                ScopedValue.where(Incoming.CURRENT, incoming)
                        .<Void, InterruptedException>call(() -> {
                            connection.handle(limit);
                            return null;
                        });
            } finally {
                count.decrementAndGet();
                share.giveBack();
                incoming.passed();
            }
        }

        /// Answers the first bytes that come: a client that is told before it asks does not listen.
        private void refuse() {
            deadline.after(options.headTimeout());
            context.dataReader().ensureAvailable();
            context.dataWriter().writeNow(BufferData.create(busy.get()));
        }

        @Override
        public Duration idleTime() {
            return deadline.hasPassed() ? OVERDUE : Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
            connection.close(interrupt || deadline.hasPassed());
            if (deadline.hasPassed()) {
                try {
                    context.serverSocket().close(); // ends a read or write that hangs
                } catch (UncheckedIOException _) {
                    // its own thread has just closed it
                }
            }
        }

        @Override
        public boolean canInterrupt() {
            return connection instanceof InterruptableTask<?> task && task.canInterrupt();
        }
    }
}
