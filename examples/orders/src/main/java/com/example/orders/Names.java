package com.example.orders;

/// What the parts of the system call each other by.
final class Names {
    static final String ORDERS_QUEUE = "orders";
    static final String ORDERS_DEAD_LETTERS = "orders-dead-letters";
    static final String ORDERS_TABLE = "orders";
    static final String CHECKPOINTS_TABLE = "stream-checkpoints";
    static final String BUS = "orders";
    static final String SOURCE = "shop.orders";
    static final String DETAIL_TYPE = "OrderPlaced";
    static final String TOPIC = "order-placed";
    static final String BILLING = "billing";
    static final String SHIPPING = "shipping";
    static final String FRAUD_CHECK = "fraud-check";
    static final String ARCHIVE = "archive";

    /// Orders above this go to the fraud check.
    static final long FRAUD_CHECK_ABOVE_CENTS = 100_000;

    private Names() {}
}
