package com.example.orders;

import tools.jackson.databind.json.JsonMapper;

/// An order as the customer placed it. `orderId` is the customer's own, so that placing it again
/// after a lost answer is harmless.
record Order(String orderId, String customer, long amountCents) {

    static final JsonMapper JSON = JsonMapper.builder().build();

    Order {
        if (orderId == null || orderId.isBlank()) {
            throw new IllegalArgumentException("orderId is missing");
        }
        if (customer == null || customer.isBlank()) {
            throw new IllegalArgumentException("customer is missing");
        }
        if (amountCents <= 0) {
            throw new IllegalArgumentException("amountCents must be positive");
        }
    }

    static Order fromJson(String json) {
        return JSON.readValue(json, Order.class);
    }

    String toJson() {
        return JSON.writeValueAsString(this);
    }
}
