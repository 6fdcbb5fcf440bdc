/// STS: who am I, and temporary credentials.
///
/// Promises: a session is durable before its keys are told, and ends with the role or user behind
/// it. Depends on `api`, `federation`, `identity`, `pattern`, `policy` and `wire`. Deliberately
/// missing: federation by SAML. Start reading at [Sts].
@NullMarked
package io.millrace.service.sts;

import org.jspecify.annotations.NullMarked;
