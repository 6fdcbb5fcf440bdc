package io.millrace.service.pipes;

import java.time.Duration;

/// A part of a source whose batches go through the pipe one after the other: a shard, or a consumer
/// of a queue. For one thread, but for [#leave] and [#clockMoved].
interface Lane extends AutoCloseable {

    /// Takes one batch through the pipe, if there is one or one comes within the time.
    ///
    /// @return false when there was nothing to do
    boolean turn(Duration patience) throws InterruptedException;

    /// Whether nothing will ever come again.
    boolean isFinished();

    /// Ends a wait that is under way, and every later one at once.
    void leave();

    /// Lets a wait for a time look at the clock again.
    void clockMoved();

    /// Gives back what it holds.
    @Override
    void close();
}
