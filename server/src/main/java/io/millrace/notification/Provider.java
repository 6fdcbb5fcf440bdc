package io.millrace.notification;

/// Sends notifications of one kind. Thread-safe.
public interface Provider<T extends Record> {

    /// What became of it.
    sealed interface Answer {

        /// It is on its way.
        record Taken() implements Answer {}

        /// It is not.
        ///
        /// @param code short, for machines
        /// @param retryable false when the same would be refused again
        record Refused(String code, String message, boolean retryable) implements Answer {}

        /// Whoever it was for is no longer there, or wants nothing more: a device that is not
        /// registered, a telephone that opted out.
        record Gone(String message) implements Answer {}
    }

    /// Sends once. Blocking is fine.
    Answer send(T notification) throws InterruptedException;
}
