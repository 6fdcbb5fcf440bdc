/// Amazon SQS: queues that keep every acknowledged message until it is deleted or too old.
///
/// Promises: what `SendMessage` acknowledged is durable and is handed out until it is deleted;
/// nobody else gets a message while it is in flight; a FIFO queue hands out the messages of a group
/// in the order of their sequence numbers, and none while one of the group is in flight. Sending
/// and receiving cost the same however many messages wait, are in flight or were consumed: see "How
/// a queue is stored" at [SqsKeys].
///
/// May depend on the store, `wire`, `delivery`, `pattern`, `policy` and `storage`. Missing so far:
/// encryption, of which the settings are kept and shown. Start reading at [Sqs], then [SqsKeys],
/// [Enqueue], [ReceiveMessage].
@NullMarked
package io.millrace.service.sqs;

import org.jspecify.annotations.NullMarked;
