package com.example.orders;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// An HTTP endpoint that a topic notifies: checks the signature of each message, confirms its
/// subscription, and hands each notification's message to a handler. Answers 200 only when handled,
/// so what fails is sent again.
final class Webhook implements AutoCloseable {

    private static final List<String> SIGNED_NOTIFICATION =
            List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
    private static final List<String> SIGNED_CONFIRMATION =
            List.of(
                    "Message",
                    "MessageId",
                    "SubscribeURL",
                    "Timestamp",
                    "Token",
                    "TopicArn",
                    "Type");
    private static final Map<String, String> ALGORITHMS =
            Map.of("1", "SHA1withRSA", "2", "SHA256withRSA");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Consumer<String> handler;
    private final Map<String, PublicKey> keys = new ConcurrentHashMap<>();

    Webhook(int port, Consumer<String> handler) throws IOException {
        this.handler = handler;
        this.server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        server.setExecutor(threads);
        server.createContext("/notify", this::receive);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/notify";
    }

    private void receive(HttpExchange exchange) throws IOException {
        int status;
        try {
            status = handle(Order.JSON.readTree(exchange.getRequestBody().readAllBytes()));
        } catch (GeneralSecurityException | RuntimeException e) {
            status = 500;
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private int handle(JsonNode message) throws IOException, GeneralSecurityException {
        boolean notification = message.path("Type").asString().equals("Notification");
        if (!isSigned(message, notification ? SIGNED_NOTIFICATION : SIGNED_CONFIRMATION)) {
            return 403;
        }
        if (notification) {
            handler.accept(message.path("Message").asString());
        } else {
            try (InputStream answer = open(message.path("SubscribeURL").asString())) {
                answer.readAllBytes();
            }
        }
        return 200;
    }

    private boolean isSigned(JsonNode message, List<String> members)
            throws GeneralSecurityException {
        StringBuilder signed = new StringBuilder();
        for (String member : members) {
            if (message.has(member)) {
                signed.append(member).append('\n');
                signed.append(message.path(member).asString()).append('\n');
            }
        }
        String algorithm = ALGORITHMS.get(message.path("SignatureVersion").asString());
        if (algorithm == null) {
            return false;
        }
        Signature signature = Signature.getInstance(algorithm);
        signature.initVerify(
                keys.computeIfAbsent(message.path("SigningCertURL").asString(), Webhook::fetchKey));
        signature.update(signed.toString().getBytes(StandardCharsets.UTF_8));
        return signature.verify(Base64.getDecoder().decode(message.path("Signature").asString()));
    }

    private static PublicKey fetchKey(String certificateUrl) {
        try (InputStream certificate = open(certificateUrl)) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(certificate)
                    .getPublicKey();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no certificate at " + certificateUrl, e);
        }
    }

    private static InputStream open(String url) throws IOException {
        return URI.create(url).toURL().openStream();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
