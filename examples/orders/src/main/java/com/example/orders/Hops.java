package com.example.orders;

/// Hears of every order at every hop; a service in production would count a metric here.
@FunctionalInterface
interface Hops {
    String STORED = "stored";
    String PUBLISHED = "published";

    void passed(String hop, String orderId);
}
