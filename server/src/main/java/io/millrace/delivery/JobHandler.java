package io.millrace.delivery;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

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
        /// @param retryAfter how long the target wants to be left alone; null when it does not say
        record Failed(
                String errorCode,
                String errorMessage,
                boolean retryable,
                @Nullable Duration retryAfter)
                implements Attempt {

            public Failed(String errorCode, String errorMessage, boolean retryable) {
                this(errorCode, errorMessage, retryable, null);
            }
        }
    }

    /// Tries once. Blocking is fine; an exception counts as a failure that may be retried.
    Attempt attempt(Job job) throws InterruptedException;

    /// As [#attempt(Job)], for a handler that wants to know which attempt it is.
    ///
    /// @param number from 1
    default Attempt attempt(Job job, int number) throws InterruptedException {
        return attempt(job);
    }

    /// How a job left the outbox.
    ///
    /// @param attemptCount all attempts, the last one included
    /// @param isDeadLetter whether it is in its dead-letter queue
    record Ending(Attempt last, int attemptCount, boolean isDeadLetter) {}

    /// What ended the retries of a job that might have been tried again.
    enum Exhausted {
        ATTEMPTS,
        AGE
    }

    /// Why a job was given up.
    ///
    /// @param attemptCount all attempts, the last one included
    /// @param exhausted null when another attempt would have been refused just the same
    record GivenUp(Attempt.Failed failure, int attemptCount, @Nullable Exhausted exhausted) {}

    /// What the dead-letter queue receives.
    Message deadLetter(Job job, Attempt.Failed failure);

    /// What the dead-letter queue receives, of handlers that tell more than the last failure.
    default Message deadLetter(Job job, GivenUp givenUp) {
        return deadLetter(job, givenUp.failure());
    }

    /// Told once a job has ended; after a crash in between, nobody is told.
    default void ended(Job job, Ending ending) {}
}
