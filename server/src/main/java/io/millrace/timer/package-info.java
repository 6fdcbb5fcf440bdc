/// Durable timers: what is to happen at a time, in the store, ordered by that time.
///
/// Promises: a timer fires once, in the transaction that also does what it is for and sets it
/// again; one that waits costs nothing but its place in the store. Depends on `engine`, `schedule`
/// and `log`. Deliberately missing: leases; two servers on one store may both try, and one finds
/// the timer gone. Start reading at [Timers].
@NullMarked
package io.millrace.timer;

import org.jspecify.annotations.NullMarked;
