/// DynamoDB Streams: reads what [io.millrace.stream] keeps of the changes of tables.
///
/// Promises: each change once, in commit order, for 24 hours or as configured; a reader that has
/// seen a record is never later shown an older one that is new; iterators are self-contained
/// tokens, so nothing is kept in memory between calls, and any server could answer the next one. An
/// empty GetRecords costs a few point reads.
///
/// May depend on `wire`, `storage`, `pattern`, `stream` and `engine`; images are decoded by what
/// DynamoDB gave. Start reading at [io.millrace.service.dynamodbstreams.GetRecords].
@NullMarked
package io.millrace.service.dynamodbstreams;

import org.jspecify.annotations.NullMarked;
