package io.millrace.delivery;

/// Who waits at a queue, and can leave: what it was being handed just then stays in the queue.
/// Thread-safe.
public final class QueueConsumer {
    private boolean left;
    private Runnable farewell = () -> {};

    /// Leaves for good; a wait that is under way ends at once.
    public void leave() {
        Runnable told;
        synchronized (this) {
            left = true;
            told = farewell;
        }
        told.run();
    }

    public synchronized boolean hasLeft() {
        return left;
    }

    /// Runs this when the consumer leaves, in place of what was to run before; at once when it has
    /// left already.
    public void onLeaving(Runnable runnable) {
        boolean gone;
        synchronized (this) {
            farewell = runnable;
            gone = left;
        }
        if (gone) {
            runnable.run();
        }
    }
}
