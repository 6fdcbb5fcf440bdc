package io.millrace.http;

import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;

/// An HTTP/1.1 server. Each connection is a virtual thread, each request a call of the [Handler] on
/// it; a connection survives refused requests as long as it is known where the next one begins.
///
/// `/_millrace/echo` answers a request's own body, and `ok` to one without: the same reading and
/// writing with nothing between, which is the ceiling that benchmarks compare with.
public final class Server implements AutoCloseable {
    private static final String ECHO_PATH = "/_millrace/echo";
    private static final byte[] NOTHING = {};
    private static final List<String> TLS_PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final int LINE_BYTES_MAX = 64 << 10;
    private static final Duration SWEEP_PERIOD = Duration.ofSeconds(5);

    /// Connections that the system accepts while this process is busy; it may allow less.
    private static final int BACKLOG = 4096;

    /// Connections that are being refused at a time; beyond them they wait to be accepted.
    private static final int REFUSED_CONNECTIONS_MAX = 256;

    /// Answers up to this size need no room in the budget: the connections' number bounds them.
    private static final int ANSWER_BYTES_FREE = 32 << 10;

    /// Requests that are being read at a time.
    private static final int TURNS_PER_CORE = 32;

    /// What it takes about to refuse a request that did not come in one piece.
    private static final long REFUSAL_NANOS = 25_000;

    private static final int BAD_REQUEST = 400;
    private static final int INTERNAL_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    /// What the library says is about its clients, or is told by our exceptions. Kept here, since
    /// loggers that nobody holds forget their level.
    private static final Logger LIBRARY = Logger.getLogger("io.helidon");

    static {
        if (LIBRARY.getLevel() == null) {
            LIBRARY.setLevel(Level.OFF);
        }
    }

    private final ServerOptions options;
    private final Handler handler;
    private final MemoryBudget memory;
    private final Rests rests = new Rests();
    private final Turnstile turnstile =
            new Turnstile(TURNS_PER_CORE * Runtime.getRuntime().availableProcessors());
    private final WebServer web;

    private Server(ServerOptions options, Handler handler, Duration sweepPeriod) {
        this.options = options;
        this.handler = handler;
        this.memory = new MemoryBudget(options.memoryBytesMax());
        this.web = web(sweepPeriod);
    }

    /// Loads most of what a start needs of the HTTP library, which takes a while: a thread of its
    /// own can do so beside other things.
    public static void prepare() {
        WebServer.builder().routing(HttpRouting.builder());
        Http1Config.create();
    }

    /// Binds the port and serves.
    ///
    /// @throws IOException when the port cannot be bound
    /// @throws TlsException when certificate or key cannot be used
    public static Server start(ServerOptions options, Handler handler) throws IOException {
        return start(options, handler, SWEEP_PERIOD);
    }

    /// @param sweepPeriod how often deadlines are looked at
    static Server start(ServerOptions options, Handler handler, Duration sweepPeriod)
            throws IOException {
        Server server = new Server(options, handler, sweepPeriod);
        server.turnstile.start();
        server.rests.start();
        server.web.start();
        if (!server.web.isRunning()) {
            server.turnstile.close();
            server.rests.close();
            throw cannotBind(options);
        }
        return server;
    }

    /// The library keeps to itself why it could not bind the port; so ask the system again.
    private static IOException cannotBind(ServerOptions options) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(options.host(), options.port()));
            return new IOException("the server did not start");
        } catch (IOException e) {
            return e;
        }
    }

    public int port() {
        return web.port();
    }

    /// What requests that are being read or answered hold at the moment.
    long memoryBytesHeld() {
        return memory.held();
    }

    /// Stops accepting, waits for answers that are on their way, ends the connections.
    @Override
    public void close() {
        turnstile.close();
        rests.close();
        web.stop();
    }

    private WebServer web(Duration sweepPeriod) {
        Http1Config http1 =
                Http1Config.builder()
                        .maxPrologueLength(LINE_BYTES_MAX)
                        .maxHeadersSize(options.headBytesMax())
                        .validatePrologue(false)
                        .validatePath(false)
                        .build();
        WebServerConfig.Builder builder = WebServer.builder();
        if (options.tls() != null) {
            builder.tls(
                    Tls.builder()
                            .sslContext(new TlsIdentity(options.tls()).context())
                            .enabledProtocols(TLS_PROTOCOLS)
                            .build());
        }
        return builder.host(options.host())
                .port(options.port())
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(
                        new TimedConnections(
                                http1,
                                options,
                                memory,
                                turnstile,
                                new Excess(handler, rests, options),
                                this::tooManyConnections))
                .routing(HttpRouting.builder().any(this::answer))
                .directHandlers(directHandlers())
                .contentEncoding(new OpaqueEncoding())
                .maxPayloadSize(options.bodyBytesMax())
                .maxTcpConnections(options.connectionCountMax() + REFUSED_CONNECTIONS_MAX)
                .backlog(BACKLOG)
                .putListenerSocketOption(StandardSocketOptions.SO_REUSEADDR, true)
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .idleConnectionTimeout(sweepPeriod)
                .idleConnectionPeriod(sweepPeriod)
                .shutdownGracePeriod(options.drainTimeout())
                .build();
    }

    /// What the library refuses by itself is worded by the handler, too.
    private DirectHandlers directHandlers() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        DirectHandler refusal =
                (_, _, status, headers, message) -> {
                    Response response =
                            handler.refuse(
                                    blame(status.code()), Objects.requireNonNullElse(message, ""));
                    response.headers()
                            .forEach((name, value) -> headers.set(HeaderNames.create(name), value));
                    return DirectHandler.TransportResponse.builder()
                            .status(Status.create(response.status()))
                            .headers(headers)
                            .entity(response.body())
                            .keepAlive(false)
                            .build();
                };
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, refusal);
        }
        return handlers.build();
    }

    /// What the library cannot read, it may take for its own failure.
    private static int blame(int status) {
        boolean reading = Incoming.CURRENT.isBound() && Incoming.CURRENT.get().inHead();
        return status == INTERNAL_ERROR && reading ? BAD_REQUEST : status;
    }

    private byte[] tooManyConnections() {
        Response response = handler.refuse(UNAVAILABLE, "There are too many connections.");
        return Excess.bytes(
                new Response(UNAVAILABLE, response.headers(), response.body()), "close");
    }

    private void answer(ServerRequest from, ServerResponse to) {
        Incoming incoming = Incoming.CURRENT.get();
        MemoryBudget.Share share = memory.share();
        try {
            RequestBody body = new RequestBody(from, incoming.deadline(), options, share);
            Request request = request(from, incoming, body);
            incoming.passed();
            Response response =
                    request.path().equals(ECHO_PATH) ? echo(request) : handler.handle(request);
            incoming.answered();
            boolean open = body.finish() && !wantsClose(from);
            int bytes = response.body().length;
            if (bytes > ANSWER_BYTES_FREE && !share.take(bytes)) {
                response = handler.refuse(UNAVAILABLE, "There is no memory for the answer.");
            }
            send(response, to, open, request.method().equals("HEAD"), incoming);
        } finally {
            share.giveBack();
        }
    }

    /// The look into the list takes a while, and there is none as a rule.
    private static boolean wantsClose(ServerRequest from) {
        return from.headers().contains(HeaderNames.CONNECTION)
                && from.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
    }

    private void send(
            Response response,
            ServerResponse to,
            boolean open,
            boolean headOnly,
            Incoming incoming) {
        Deadline deadline = incoming.deadline();
        deadline.after(options.answerTimeout());
        to.status(Status.create(response.status()));
        for (Map.Entry<String, String> header : response.headers().entrySet()) {
            to.header(HeaderFields.answered(header.getKey()), header.getValue());
        }
        if (!open) {
            to.header(HeaderValues.CONNECTION_CLOSE);
        }
        if (headOnly) {
            to.contentLength(response.body().length);
            to.send(NOTHING);
        } else {
            to.send(response.body());
        }
        if (!open) {
            throw new CloseConnectionException("as the answer says"); // else the client has to
        }
        deadline.never();
        if (incoming.takeRefused()) {
            rests.rest(REFUSAL_NANOS);
        }
        incoming.headBegins();
        deadline.after(options.idleTimeout());
    }

    private static Request request(ServerRequest from, Incoming incoming, RequestBody body) {
        HttpPrologue prologue = from.prologue();
        return new Request(
                prologue.method().text(),
                prologue.uriPath().rawPath(),
                prologue.query().rawValue(),
                name -> from.headers().all(HeaderFields.asked(name), List::of),
                from.remotePeer().host(),
                incoming,
                body);
    }

    private Response echo(Request request) {
        try {
            Body body = request.body(options.bodyBytesMax());
            return body.raw().length == 0
                    ? Response.of(200, "text/plain", "ok\n")
                    : new Response(
                            200, Map.of("Content-Type", "application/octet-stream"), body.raw());
        } catch (BodyException e) {
            return Response.of(400, "text/plain", e.getMessage() + "\n");
        }
    }
}
