package io.millrace.http;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
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
    private static final int LINE_BYTES_MAX = 64 << 10;
    private static final Duration SWEEP_PERIOD = Duration.ofSeconds(5);

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
    private final WebServer web;

    private Server(ServerOptions options, Handler handler, Duration sweepPeriod) {
        this.options = options;
        this.handler = handler;
        this.web = web(sweepPeriod);
    }

    /// Binds the port and serves.
    ///
    /// @throws IOException when the port cannot be bound
    public static Server start(ServerOptions options, Handler handler) throws IOException {
        return start(options, handler, SWEEP_PERIOD);
    }

    /// @param sweepPeriod how often deadlines are looked at
    static Server start(ServerOptions options, Handler handler, Duration sweepPeriod)
            throws IOException {
        Server server = new Server(options, handler, sweepPeriod);
        server.web.start();
        if (!server.web.isRunning()) {
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

    /// Stops accepting, waits for answers that are on their way, ends the connections.
    @Override
    public void close() {
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
        return WebServer.builder()
                .host(options.host())
                .port(options.port())
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new TimedConnections(http1, options))
                .routing(HttpRouting.builder().any(this::answer))
                .directHandlers(directHandlers())
                .contentEncoding(new OpaqueEncoding())
                .maxPayloadSize(options.bodyBytesMax())
                .maxTcpConnections(options.connectionCountMax())
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
                            handler.refuse(status.code(), Objects.requireNonNullElse(message, ""));
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

    private void answer(ServerRequest from, ServerResponse to) {
        RequestBody body = new RequestBody(from, Deadline.CURRENT.get(), options);
        Request request = request(from, body);
        Response response =
                request.path().equals(ECHO_PATH) ? echo(request) : handler.handle(request);
        Incoming.CURRENT.get().answered();
        boolean open =
                body.finish() && !from.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
        to.status(Status.create(response.status()));
        for (Map.Entry<String, String> header : response.headers().entrySet()) {
            to.header(HeaderNames.create(header.getKey()), header.getValue());
        }
        if (!open) {
            to.header(HeaderValues.CONNECTION_CLOSE);
        }
        if (request.method().equals("HEAD")) {
            to.contentLength(response.body().length);
            to.send(NOTHING);
        } else {
            to.send(response.body());
        }
        if (!open) {
            throw new CloseConnectionException("as the answer says"); // else the client has to
        }
        Deadline.CURRENT.get().after(options.idleTimeout());
    }

    private Request request(ServerRequest from, RequestBody body) {
        HttpPrologue prologue = from.prologue();
        return new Request(
                prologue.method().text(),
                prologue.uriPath().rawPath(),
                prologue.query().rawValue(),
                name -> from.headers().all(HeaderNames.createFromLowercase(name), List::of),
                from.remotePeer().host(),
                Incoming.CURRENT.get(),
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
