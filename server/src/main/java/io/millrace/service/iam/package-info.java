/// AWS Identity and Access Management: users, groups, roles and policies.
///
/// Promises: each call is one transaction, and what it changes counts with the next request. An
/// access key's secret is shown once, and sealed at rest. Depends on `api`, `engine`, `wire`,
/// `secret` and `identity`, where identities are kept. Deliberately missing: passwords,
/// certificates and SAML, which nothing here would ask for. Start reading at [Iam].
@NullMarked
package io.millrace.service.iam;

import org.jspecify.annotations.NullMarked;
