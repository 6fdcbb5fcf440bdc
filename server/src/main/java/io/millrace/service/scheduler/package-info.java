/// EventBridge Scheduler: schedules that call targets at their time.
///
/// Promises: what is not there yet answers `NotImplemented`, by name. Depends on `api`, `engine`
/// and `wire`. Start reading at [Scheduler].
@NullMarked
package io.millrace.service.scheduler;

import org.jspecify.annotations.NullMarked;
