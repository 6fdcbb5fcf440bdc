package io.millrace.engine;

/// Who is told what is written.
///
/// @param durable watches of what is durable
/// @param committed watches of what is committed
record Onlookers(Watches durable, Watches committed, PutListeners puts) {

    Onlookers() {
        this(new Watches(), new Watches(), new PutListeners());
    }

    void fail(StoreException cause) {
        durable.fail(cause);
        committed.fail(cause);
    }
}
