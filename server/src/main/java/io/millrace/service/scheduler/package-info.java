/// EventBridge Scheduler: schedules that call targets at their time.
///
/// Promises: a run happens once for targets in the store, in the transaction that also sets the
/// next run, and at least once for those that the outbox calls; a schedule that waits costs its
/// place in the store. Depends on `api`, `engine`, `storage`, `wire`, `pattern`, `delivery`,
/// `schedule` and `timer`. Deliberately missing: roles; a schedule acts as its account. Start
/// reading at [Scheduler].
@NullMarked
package io.millrace.service.scheduler;

import org.jspecify.annotations.NullMarked;
