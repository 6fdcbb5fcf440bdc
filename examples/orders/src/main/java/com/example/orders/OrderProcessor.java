package com.example.orders;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

import java.util.Map;

/// Takes orders from the queue and stores each in the table, once: an order that comes a second
/// time, as queues may deliver it, finds itself there and changes nothing.
final class OrderProcessor {

    private final Cloud cloud;
    private final QueueConsumer consumer;
    private final Hops hops;

    OrderProcessor(Cloud cloud, Hops hops) {
        this.cloud = cloud;
        this.hops = hops;
        this.consumer = new QueueConsumer(cloud, Names.ORDERS_QUEUE, this::store);
    }

    void step() {
        consumer.step();
    }

    private void store(String body) {
        Order order = Order.fromJson(body);
        try {
            cloud.dynamodb.putItem(request ->
                    request.tableName(Names.ORDERS_TABLE)
                            .item(
                                    Map.of(
                                            "orderId",
                                            AttributeValue.fromS(order.orderId()),
                                            "customer",
                                            AttributeValue.fromS(order.customer()),
                                            "amountCents",
                                            AttributeValue.fromN(
                                                    Long.toString(order.amountCents()))))
                            .conditionExpression("attribute_not_exists(orderId)"));
        } catch (ConditionalCheckFailedException e) {
            // stored before, as when the answer was lost: that is as good
        }
        hops.passed(Hops.STORED, order.orderId());
    }
}
