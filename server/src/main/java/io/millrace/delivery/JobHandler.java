package io.millrace.delivery;

/// Delivers jobs of one kind. Called outside of any transaction, from virtual threads, and again
/// for the same job after a failure or a crash. Thread-safe.
public interface JobHandler {

    /// How an attempt ended.
    sealed interface Attempt {
        record Delivered() implements Attempt {}

        /// The target did not take it.
        ///
        /// @param errorCode as the dead-letter queue tells it
        /// @param retryable false when another attempt would be refused just the same
        record Failed(String errorCode, String errorMessage, boolean retryable)
                implements Attempt {}
    }

    /// Tries once. Blocking is fine; an exception counts as a failure that may be retried.
    Attempt attempt(Job job) throws InterruptedException;

    /// How a job left the outbox.
    ///
    /// @param attemptCount all attempts, the last one included
    /// @param isDeadLetter whether it is in its dead-letter queue
    record Ending(Attempt last, int attemptCount, boolean isDeadLetter) {}

    /// What the dead-letter queue receives.
    Message deadLetter(Job job, Attempt.Failed failure);

    /// Told once a job has ended; after a crash in between, nobody is told.
    default void ended(Job job, Ending ending) {}
}
