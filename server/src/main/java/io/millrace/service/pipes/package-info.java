/// EventBridge Pipes: from one source, through a filter and an enrichment, to one target.
///
/// Promises: what is not there yet answers `NotImplemented`, by name. Depends on `api`, `engine`
/// and `wire`. Start reading at [Pipes].
@NullMarked
package io.millrace.service.pipes;

import org.jspecify.annotations.NullMarked;
