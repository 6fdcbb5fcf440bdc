package io.millrace.service.sqs;

import java.util.concurrent.atomic.AtomicInteger;

/// Numbers the messages inside a transaction. Since several callers can add to one transaction
/// without knowing of each other, one counter serves all transactions: inside each, numbers grow.
/// They are only unique and in order together with the transaction's commit sequence number; the
/// order of two messages in one transaction would be lost where the 22 bits wrap between them.
final class Ordinals {

    private static final int MASK = (1 << Position.ORDINAL_BITS) - 1;

    private final AtomicInteger next = new AtomicInteger();

    int next() {
        return next.getAndIncrement() & MASK;
    }
}
