package io.millrace.trace;

import io.millrace.engine.Transaction;

import java.util.ArrayList;
import java.util.List;

/// Is told what happens to events. Thread-safe; never blocks, never fails, and costs nothing worth
/// mentioning.
///
/// Whoever acts in a transaction tells it there ([#hop(Transaction, Hop)], or [#begin] for several
/// hops): it counts when the transaction is durable, and not when it was repeated or failed.
public interface Trace {

    /// Keeps nothing.
    Trace NONE =
            new Trace() {
                @Override
                public void hops(List<Hop> hops) {}

                @Override
                public boolean isOn() {
                    return false;
                }
            };

    /// Tells what has happened, and is durable.
    void hops(List<Hop> hops);

    /// Whether anything is kept; whoever would have to work for a hop may ask first.
    default boolean isOn() {
        return true;
    }

    /// Tells one thing that has happened, and is durable.
    default void hop(Hop hop) {
        hops(List.of(hop));
    }

    /// Tells what `transaction` does, once that is durable.
    default void hop(Transaction transaction, Hop hop) {
        if (isOn()) {
            transaction.afterCommit(() -> hop(hop));
        }
    }

    /// A list for what `transaction` does, in order; what stands in it when that is durable, is
    /// told.
    default List<Hop> begin(Transaction transaction) {
        List<Hop> hops = new ArrayList<>();
        if (isOn()) {
            transaction.afterCommit(() -> hops(hops));
        }
        return hops;
    }
}
