/// The records of calls: what CloudTrail tells of them, for event buses and for the audit log.
///
/// Promises: what is sensitive is hidden, and a record is bounded. May depend on `api`, `pattern`
/// and `wire`. Start reading at [CallRecord].
@NullMarked
package io.millrace.callrecord;

import org.jspecify.annotations.NullMarked;
