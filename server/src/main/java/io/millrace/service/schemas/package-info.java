/// EventBridge Schemas: registries of event schemas and their versions, their discovery from what
/// comes onto event buses, and code made of them.
///
/// Promises: a schema, its version and the events that tell of it are durable together when the
/// answer is sent. An event that was accepted on a bus with a discoverer is inferred from, whatever
/// is killed in between, unless more shapes wait than are kept; then it is counted as dropped. A
/// bus without a discoverer pays for one look-up. May depend on `api`, `delivery`, `engine`, `log`,
/// `pattern`, `policy`, `storage` and `wire`. Deliberately missing: the schemas of events that this
/// product does not emit; evaluation of registries' policies. Start reading at [Schemas], then
/// [Versions], [DiscoveryTap] and [Discovery].
@NullMarked
package io.millrace.service.schemas;

import org.jspecify.annotations.NullMarked;
