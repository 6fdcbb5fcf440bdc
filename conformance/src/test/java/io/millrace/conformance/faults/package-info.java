/// One programme that drives all services at once, breaks what can break under them, and judges
/// afterwards what the callers saw: `./millrace test --faults`.
///
/// Promises: nothing here looks into the server; a checker knows what was called, what was
/// answered, and when. What a call without an answer did is open. Each checker is shown to find a
/// planted bug.
///
/// Deliberately missing: a simulation that repeats to the last step. A seed repeats the choices of
/// the callers and the plan of the faults, not the interleaving of two processes.
///
/// Start reading at [FaultRun]; the promises and the bugs that were planted stand in
/// `docs/reliability.md`.
@NullMarked
package io.millrace.conformance.faults;

import org.jspecify.annotations.NullMarked;
