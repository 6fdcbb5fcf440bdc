/// EventBridge: buses, rules and their targets, and the events that go through them.
///
/// Promises: what PutEvents answers is durable together with everything that it caused in this
/// store, in one transaction: an event is in all queues that its rules name or in none. A rule that
/// was changed counts from the next event on. May depend on `api`, `delivery`, `engine`, `pattern`,
/// `storage` and `wire`. Deliberately missing: schedules (refused, never accepted and forgotten),
/// API destinations and everything else that answers `NotImplemented`; retries, because all targets
/// that exist are in the store and refuse for good. Start reading at [Events], then [PutEvents] and
/// [EventRouter].
@NullMarked
package io.millrace.service.events;

import org.jspecify.annotations.NullMarked;
