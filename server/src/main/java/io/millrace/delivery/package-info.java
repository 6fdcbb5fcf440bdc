/// How an event reaches a target: in the sender's own transaction where the target lives in the
/// same store ([StoreTarget]), or through the durable outbox where it does not.
///
/// Promises: what is delivered in a transaction is delivered exactly when that commits; what goes
/// through the outbox is delivered at least once or ends, visibly, in a dead-letter queue. Services
/// meet here by ARN and never import one another. Start reading at [Targets].
@NullMarked
package io.millrace.delivery;

import org.jspecify.annotations.NullMarked;
