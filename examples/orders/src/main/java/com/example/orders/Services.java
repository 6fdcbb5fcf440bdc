package com.example.orders;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// All programs of the orders system in one process, each on threads of its own. They share nothing
/// but the cloud.
final class Services implements AutoCloseable {

    private static final int ORDER_PROCESSORS = 8;
    private static final int CONSUMERS_PER_QUEUE = 2;

    private final List<AutoCloseable> running = new ArrayList<>();
    private final FrontDoor frontDoor;

    /// Starts every service; the queues and tables exist already.
    Services(Cloud cloud, Hops hops, int frontDoorPort, Consumer<Exception> failures)
            throws IOException {
        for (int i = 0; i < ORDER_PROCESSORS; i++) {
            OrderProcessor processor = new OrderProcessor(cloud, hops);
            running.add(Cloud.repeat("order-processor-" + i, processor::step, failures));
        }
        StreamReader reader = new StreamReader(cloud, hops);
        running.add(Cloud.repeat("stream-reader", reader::step, failures));
        for (String queue :
                List.of(Names.BILLING, Names.SHIPPING, Names.FRAUD_CHECK, Names.ARCHIVE)) {
            for (int i = 0; i < CONSUMERS_PER_QUEUE; i++) {
                QueueConsumer consumer =
                        new QueueConsumer(
                                cloud, queue, event -> hops.passed(queue, orderIdOf(event)));
                running.add(Cloud.repeat(queue + "-" + i, consumer::step, failures));
            }
        }
        this.frontDoor = new FrontDoor(cloud, frontDoorPort);
    }

    int frontDoorPort() {
        return frontDoor.port();
    }

    /// The order in the detail of an `OrderPlaced` event.
    static String orderIdOf(String event) {
        JsonNode detail = Order.JSON.readTree(event).path("detail");
        return detail.path("orderId").asString();
    }

    @Override
    public void close() throws Exception {
        frontDoor.close();
        for (AutoCloseable service : running) {
            service.close();
        }
    }
}
