/// AWS Secrets Manager: secrets with versions and staging labels, resource policies, replicas in
/// other regions of this server, recovery windows, and rotations that a queue's consumer carries
/// out.
///
/// Promises: what is acknowledged is durable; a value is in the store only as `secret` seals it,
/// bound to its secret's ARN and its version, and is in no log, no error and no record of a call. A
/// deletion and a rotation happen at their time, also after a restart. Depends on `wire`, `policy`,
/// `pattern`, `delivery`, `schedule`, `timer`, `secret`, `storage`, `log` and `engine`.
/// Deliberately missing: rotation functions, since there is no Lambda. Start reading at
/// [SecretsManager].
@NullMarked
package io.millrace.service.secretsmanager;

import org.jspecify.annotations.NullMarked;
