package com.example.orders;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Customers who place orders at the front door at a steady rate, and place an order again until it
/// is accepted.
final class Customers {

    private static final int IN_FLIGHT_MAX = 64;
    private static final Duration RETRY_PAUSE = Duration.ofMillis(200);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private final URI frontDoor;
    private final Tracker tracker;
    private final Queue<Order> accepted = new ConcurrentLinkedQueue<>();

    Customers(int frontDoorPort, Tracker tracker) {
        this.frontDoor = URI.create("http://127.0.0.1:" + frontDoorPort + "/orders");
        this.tracker = tracker;
    }

    /// The orders that were accepted so far.
    List<Order> accepted() {
        return List.copyOf(accepted);
    }

    /// The orders of a run: every tenth is above the fraud check's amount.
    static List<Order> orders(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number ->
                        new Order(
                                "order-%06d".formatted(number),
                                "customer-" + number % 97,
                                number % 10 == 0
                                        ? Names.FRAUD_CHECK_ABOVE_CENTS + number
                                        : 1_000 + number % 50_000))
                .toList();
    }

    /// Places all orders, `perSecond` of them each second; returns when each is accepted.
    void place(List<Order> orders, int perSecond) throws InterruptedException {
        Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);
        try (HttpClient client = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long begin = System.nanoTime();
            for (int i = 0; i < orders.size(); i++) {
                Order order = orders.get(i);
                long due = begin + TimeUnit.SECONDS.toNanos(i) / perSecond;
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                inFlight.acquire();
                threads.execute(() -> {
                    try {
                        placeUntilAccepted(client, order);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        inFlight.release();
                    }
                });
            }
        }
    }

    private void placeUntilAccepted(HttpClient client, Order order) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(frontDoor)
                        .timeout(ANSWER_TIMEOUT)
                        .POST(BodyPublishers.ofString(order.toJson()))
                        .build();
        while (true) { // ends when the order is accepted, or with the demo
            long sent = System.nanoTime();
            try {
                HttpResponse<Void> response = client.send(request, BodyHandlers.discarding());
                if (response.statusCode() == 202) {
                    tracker.accepted(order.orderId(), sent);
                    accepted.add(order);
                    return;
                }
            } catch (IOException e) {
                // not accepted: placed again below
            }
            Thread.sleep(RETRY_PAUSE);
        }
    }
}
