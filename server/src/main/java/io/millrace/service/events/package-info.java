/// EventBridge: buses, rules and their targets, and the events that go through them.
///
/// Promises: what PutEvents answers is durable together with everything that it caused in this
/// store, in one transaction: an event is in all queues that its rules name or in none. A rule that
/// was changed counts from the next event on. What rules owe to targets outside of the store is a
/// durable job of the outbox in the same transaction, tried again as its retry policy says, and
/// ends delivered, in a dead-letter queue, or kept as failed. May depend on `api`, `delivery`,
/// `engine`, `http`, `pattern`, `policy`, `schedule`, `secret`, `storage` and `wire`. Deliberately
/// missing: whatever answers `NotImplemented`. Start reading at [Events], then [PutEvents],
/// [EventRouter] and [TargetDeliveries].
@NullMarked
package io.millrace.service.events;

import org.jspecify.annotations.NullMarked;
