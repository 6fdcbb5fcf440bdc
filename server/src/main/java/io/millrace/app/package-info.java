/// Configuration, command line, and the only wiring: which parts there are, and who gets whom.
///
/// Everything may be imported here; nothing imports this. Start reading at `Millrace`.
@NullMarked
package io.millrace.app;

import org.jspecify.annotations.NullMarked;
