/// AWS Secrets Manager: its operations.
///
/// Depends on `wire`, `storage` and `engine`. Start reading at [SecretsManager].
@NullMarked
package io.millrace.service.secretsmanager;

import org.jspecify.annotations.NullMarked;
