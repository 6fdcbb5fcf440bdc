package io.millrace.delivery;

import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

/// Sees what comes onto event buses, in the transaction that puts it. Thread-safe; must be cheap
/// where it has nothing to do, since every event passes.
public interface BusTap {

    /// Sees one event.
    ///
    /// @param json the whole event, as rules deliver it
    void accepted(Transaction transaction, Arn bus, String json);
}
