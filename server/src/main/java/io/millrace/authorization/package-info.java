/// Who may do what: the identity's policies are asked before an operation runs.
///
/// Promises: an operation for which nobody wrote down what it needs is never let through, and a
/// test finds it; a denial is worded as the service words it, and logged with what decided. May
/// depend on `api`, `http`, `log`, `pattern`, `policy` and `wire`; knows services by the tables
/// beside it and by what they tell through [io.millrace.wire.Resources]. Deliberately missing: what
/// a service does by itself for somebody, such as a delivery, which the resource's policy decides.
/// Start reading at [Gatekeeper]; the tables are explained at `ActionTable`. Source: [actions,
/// resources and condition
/// keys](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
@NullMarked
package io.millrace.authorization;

import org.jspecify.annotations.NullMarked;
