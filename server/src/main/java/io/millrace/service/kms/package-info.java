/// AWS Key Management Service: its operations.
///
/// Depends on `wire`, `storage` and `engine`. Start reading at [Kms].
@NullMarked
package io.millrace.service.kms;

import org.jspecify.annotations.NullMarked;
