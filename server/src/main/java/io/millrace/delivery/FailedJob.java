package io.millrace.delivery;

import java.time.Instant;

/// A job that could not be delivered and had no dead-letter queue. Kept for a bounded time.
///
/// @param id names it for [Outbox#redrive]
public record FailedJob(String id, Instant failed, Job job, JobHandler.Attempt.Failed failure) {}
