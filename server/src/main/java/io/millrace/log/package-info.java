/// The operator's log.
///
/// Promises: constant text with values as key/value pairs; never bodies, never credentials, nothing
/// per request unless it failed by our fault. Depends on nothing of ours. Start reading at [Log].
@NullMarked
package io.millrace.log;

import org.jspecify.annotations.NullMarked;
