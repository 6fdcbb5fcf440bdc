package io.millrace.api;

/// How a moment is written: as the protocol has it, or as the model insists.
public enum TimestampFormat {
    /// Seconds since the epoch in JSON, ISO 8601 in the query protocol.
    PROTOCOL,
    /// `2012-01-19T22:33:51.133Z`
    ISO8601,
    /// Seconds since the epoch, with a fraction.
    UNIX,
    /// `Tue, 29 Apr 2014 18:30:38 GMT`
    RFC822
}
