/// The durable change log: what happened to a resource, once, in commit order, readable from any
/// position for a day, or as long as the operator chose.
///
/// Promises: a record is appended in the transaction of the change that it tells, so it is there
/// exactly when the change is; positions are commit sequence numbers, so a reader that has seen one
/// is never later shown something new before it; reading costs what is read, however long the log.
/// DynamoDB appends, DynamoDB Streams reads; consumers inside the server read with
/// [io.millrace.stream.StreamLog#read] and park on [io.millrace.stream.StreamLog#watch].
///
/// May depend on `engine`, `storage` and the `api` module. Knows no service: images are bytes to
/// it, which the service that wrote them decodes ([io.millrace.stream.ImageDecoder]). Deliberately
/// missing: merging of shards. Start reading at [io.millrace.stream.StreamLog], go on with
/// [io.millrace.stream.StreamShards].
@NullMarked
package io.millrace.stream;

import org.jspecify.annotations.NullMarked;
