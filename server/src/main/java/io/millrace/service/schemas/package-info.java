/// EventBridge Schemas: registries of event schemas, and their discovery.
///
/// Promises: what is not there yet answers `NotImplemented`, by name. Depends on `api`, `engine`
/// and `wire`. Start reading at [Schemas].
@NullMarked
package io.millrace.service.schemas;

import org.jspecify.annotations.NullMarked;
