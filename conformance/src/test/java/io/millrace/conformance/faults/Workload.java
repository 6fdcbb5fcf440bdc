package io.millrace.conformance.faults;

import java.util.List;

/// What one service is called for in a run, and what must hold of it in the end.
interface Workload {

    /// Makes what it needs; nothing is broken yet.
    void prepare();

    /// Begins to call.
    void start();

    /// After all calls have stopped and nothing is broken any more: brings in what is on its way.
    void drain();

    /// When the server is gone for good: ends what would go on by itself.
    default void abandon() {}

    /// What cannot be, in words; empty when all is well.
    List<String> violations();
}
