/// Secrets at rest: what services seal before they store it, and open when they need it.
///
/// Promises: without the master key nothing in the store tells a sealed secret; a wrong key, and a
/// sealed text that was changed or moved to another place, are refused. May depend on `engine`.
/// Deliberately missing: rotation of the data key, although each sealed text names the one that it
/// needs; the master key can be changed. Start reading at [Secrets]; docs/decisions tells why.
@NullMarked
package io.millrace.secret;

import org.jspecify.annotations.NullMarked;
