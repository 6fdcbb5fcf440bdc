/// The audit log: who called what, from where, with which parameters and which answer, for as long
/// as an operator says.
///
/// Promises: a record is durable before its call is answered, hides what is sensitive, and goes
/// after the retention. What is refused is recorded too; of requests without a valid signature a
/// bounded number. May depend on `callrecord`, `engine`, `http`, `log`, `pattern`, `storage` and
/// `wire`. Deliberately missing: a proof that nothing was removed by who may write to the data
/// directory. Start reading at [AuditLog].
@NullMarked
package io.millrace.audit;

import org.jspecify.annotations.NullMarked;
