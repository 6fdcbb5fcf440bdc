/// The trace of events: what became of each, hop by hop, across services, for people who ask why.
///
/// Promises: a hop is told only when what it tells is durable; what was told is kept for the
/// retention, within a bound of bytes, over restarts. It is written in the background, a moment
/// later and many at once, so that whoever is traced pays next to nothing: a crash loses the hops
/// of that moment, and so does a flood beyond what memory may hold, which is counted. May depend on
/// `engine`, `http`, `log`, `pattern`, `storage` and `wire`. Deliberately missing: sampling, spans,
/// export. Start reading at [Trace], then [TraceLog].
@NullMarked
package io.millrace.trace;

import org.jspecify.annotations.NullMarked;
