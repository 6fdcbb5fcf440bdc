/// Schedule expressions as AWS has them: `rate(…)`, `cron(…)` and `at(…)`, and when they are next
/// due. Pure: no clock, no store.
///
/// Promises: exact to the minute over daylight saving changes, in bounded time for any input.
/// Depends on nothing of ours. Deliberately missing: seconds, and what Quartz allows but AWS does
/// not document (`L-3`). Start reading at [ScheduleExpression].
@NullMarked
package io.millrace.schedule;

import org.jspecify.annotations.NullMarked;
