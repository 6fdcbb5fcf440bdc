/// STS: who am I.
///
/// Promises: the answer is what the gateway found out about the signature. Depends on `wire` only.
/// Missing on purpose: temporary credentials, which need policies. Start reading at [Sts].
@NullMarked
package io.millrace.service.sts;

import org.jspecify.annotations.NullMarked;
