/// CloudWatch Logs: log groups, their streams, and the events in them.
///
/// Promises: what is not there yet answers `NotImplemented`, by name. Depends on `api`, `engine`
/// and `wire`. Start reading at [Logs].
@NullMarked
package io.millrace.service.logs;

import org.jspecify.annotations.NullMarked;
