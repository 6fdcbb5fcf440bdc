/// Amazon SNS: topics, subscriptions, and publishing to them.
///
/// Promises: a publish to queues is one transaction with their enqueues; what goes to HTTP
/// endpoints and to people is owed in that same transaction and delivered at least once, or ends in
/// the subscription's dead-letter queue, or stays visible as failed. Notifications are signed with
/// a key of our own. May depend on `delivery`, `notification`, `pattern`, `policy`, `storage` and
/// `wire`; on no other service. Start reading at [Sns], then [Publisher] and [SnsKeys].
@NullMarked
package io.millrace.service.sns;

import org.jspecify.annotations.NullMarked;
