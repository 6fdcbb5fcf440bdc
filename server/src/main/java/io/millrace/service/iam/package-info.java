/// AWS Identity and Access Management: its operations.
///
/// Depends on `wire`, `storage` and `engine`. Start reading at [Iam].
@NullMarked
package io.millrace.service.iam;

import org.jspecify.annotations.NullMarked;
