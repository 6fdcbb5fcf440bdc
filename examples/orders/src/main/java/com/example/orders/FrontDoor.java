package com.example.orders;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import software.amazon.awssdk.core.exception.SdkException;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The HTTP front door: `POST /orders` answers 202 when the order is safely queued, 400 when it is
/// not an order, 503 when it could not be queued (place it again).
final class FrontDoor implements AutoCloseable {

    private static final int BODY_BYTES_MAX = 64 * 1024;

    private final Cloud cloud;
    private final String queueUrl;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    FrontDoor(Cloud cloud, int port) throws IOException {
        this.cloud = cloud;
        this.queueUrl =
                cloud.sqs.getQueueUrl(request -> request.queueName(Names.ORDERS_QUEUE)).queueUrl();
        this.server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        server.setExecutor(threads);
        server.createContext("/orders", this::accept);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void accept(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 405, "{\"error\":\"POST an order here\"}");
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            answer(exchange, 413, "{\"error\":\"the order is too large\"}");
            return;
        }
        Order order;
        try {
            order = Order.fromJson(new String(body, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | JacksonException e) {
            answer(exchange, 400, "{\"error\":\"not an order\"}");
            return;
        }
        try {
            String json = order.toJson();
            cloud.sqs.sendMessage(request -> request.queueUrl(queueUrl).messageBody(json));
            answer(exchange, 202, "{\"status\":\"accepted\"}");
        } catch (SdkException e) {
            answer(exchange, 503, "{\"error\":\"not accepted, place it again\"}");
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
