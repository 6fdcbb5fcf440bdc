package io.millrace.service.sns;

/// Where delivery statuses are logged. Thread-safe; must not block for long.
public interface DeliveryLogSink {

    /// Takes one line.
    ///
    /// @param logGroup as AWS names it in CloudWatch Logs: `sns/us-east-1/000000000000/topic`, with
    ///   `/Failure` for what failed
    void write(String logGroup, long timestampMillis, String json);
}
