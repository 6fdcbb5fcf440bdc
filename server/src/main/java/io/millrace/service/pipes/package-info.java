/// EventBridge Pipes: from one source, through a filter and an enrichment, to one target.
///
/// Promises: an event is at its source until its target took it; where the target is in the store,
/// both are one transaction, so that it comes exactly once, and else at least once. What has an
/// order at its source keeps it. One server at a time runs a pipe, by a lease that every
/// transaction of the run checks; an idle pipe is parked on a watch. What is not there yet answers
/// `NotImplemented`, by name, or shows in the pipe's state.
///
/// Depends on `api`, `engine`, `wire`, `storage`, `pattern`, `stream`, `delivery` and `log`; other
/// services it meets in `delivery`. Deliberately missing: Kinesis, Kafka and MQ as sources, which
/// would be a [Source] each. Start reading at [Pipes], then [PipeThread] and the two lanes.
@NullMarked
package io.millrace.service.pipes;

import org.jspecify.annotations.NullMarked;
