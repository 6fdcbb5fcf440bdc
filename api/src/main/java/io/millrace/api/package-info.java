/// What AWS's service models say, as Java: shapes, operations, errors and the constraints on them,
/// each described once and read by every protocol. The records themselves are generated from
/// `api/models` into one package per service.
///
/// Promises: no reflection, no regular expression compiled per request, bounded depth. Depends on
/// jackson-core's tokenizer and on RE2 for patterns. Missing on purpose: documentation, defaults,
/// clients. Start at [io.millrace.api.Shape].
@NullMarked
package io.millrace.api;

import org.jspecify.annotations.NullMarked;
