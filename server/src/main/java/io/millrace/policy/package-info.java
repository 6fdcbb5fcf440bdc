/// Policies in IAM's language, of resources and of identities: parsed and checked, brought into
/// their normal form, and evaluated for a request.
///
/// Promises: a policy that parses can be evaluated in full; one that names what cannot be evaluated
/// does not parse. An explicit deny wins over every allow. Knows no service; each brings its own
/// actions and its own words for refusals. May depend on `log`, `pattern` and `wire`. Deliberately
/// missing: policies of organizations. Start reading at [Policy] and [Evaluator]. Source: [policy
/// evaluation
/// logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html),
/// [grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
@NullMarked
package io.millrace.policy;

import org.jspecify.annotations.NullMarked;
