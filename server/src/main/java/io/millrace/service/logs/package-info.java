/// CloudWatch Logs: log groups, their streams, and the events in them; and the target behind the
/// ARNs of log groups, by which other services write their logs in their own transactions.
///
/// Promises: what is put is durable and in order; what is older than its group's retention is not
/// shown, and is removed. What is not there (queries, subscription and metric filters, live tail)
/// answers `NotImplemented`, by name. Depends on `api`, `engine`, `wire`, `delivery`, `storage`,
/// `pattern` and `policy`. Start reading at [Logs].
@NullMarked
package io.millrace.service.logs;

import org.jspecify.annotations.NullMarked;
