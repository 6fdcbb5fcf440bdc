package io.millrace.conformance.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// The HTTP endpoints to which the server delivers, which are sometimes slow, and sometimes answer
/// nothing. Thread-safe.
final class Targets implements AutoCloseable {

    enum Mood {
        WELL,
        /// Some answer after the server has given up.
        SLOW,
        /// Half refuse, half hang up.
        DEAD
    }

    private static final Duration SLOW = Duration.ofSeconds(3);

    private final HttpServer http;
    private final Map<String, Consumer<String>> receivers = new ConcurrentHashMap<>();
    private volatile Mood mood = Mood.WELL;

    Targets() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::handle);
        http.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Mood current = mood;
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (current == Mood.SLOW) {
            Faults.sleep(body.length() % 2 == 0 ? SLOW : SLOW.multipliedBy(3));
        }
        if (current == Mood.DEAD) {
            if (body.length() % 2 == 0) {
                exchange.sendResponseHeaders(503, -1);
            }
            exchange.close();
            return;
        }
        Consumer<String> receiver = receivers.get(exchange.getRequestURI().getPath());
        if (receiver != null) {
            receiver.accept(body);
        }
        exchange.sendResponseHeaders(receiver == null ? 404 : 200, -1);
        exchange.close();
    }

    /// Returns the address at which `receiver` is given each body that is answered with 200.
    String endpoint(String path, Consumer<String> receiver) {
        receivers.put(path, receiver);
        return "http://127.0.0.1:" + http.getAddress().getPort() + path;
    }

    void behave(Mood chosen, Duration time) {
        mood = chosen;
        Faults.sleep(time);
        mood = Mood.WELL;
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
