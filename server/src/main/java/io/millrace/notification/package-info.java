/// What leaves for people and their devices: mails, text messages and mobile push notifications.
///
/// Promises: a provider that is configured is really asked, and its answer tells whether to try
/// again; where none is, everything lands in a mailbox of our own, durable, bounded and expiring,
/// which people and tests can read. Sends once when asked once: retries are the outbox's. May
/// depend on `engine`, `http`, `storage` and `wire`. Missing on purpose: to speak the protocols of
/// Apple, Google and the telephone companies; a gateway behind a webhook does. Start reading at
/// [NotificationProviders].
@NullMarked
package io.millrace.notification;

import org.jspecify.annotations.NullMarked;
