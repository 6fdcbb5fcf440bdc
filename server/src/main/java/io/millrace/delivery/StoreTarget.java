package io.millrace.delivery;

import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

/// A kind of target that lives in the store, so that a delivery is part of the sender's
/// transaction.
public interface StoreTarget {

    /// How a delivery ended.
    sealed interface Outcome {
        record Delivered(String messageId) implements Outcome {}

        /// Nothing was written. The code and the message are what a dead-letter queue tells.
        record Refused(String errorCode, String errorMessage) implements Outcome {}
    }

    /// Delivers in `transaction`; effective when that commits.
    Outcome deliver(Transaction transaction, Arn target, Message message);
}
