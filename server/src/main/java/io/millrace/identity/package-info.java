/// Identities as they are kept: users, groups, roles, managed policies, access keys and sessions;
/// and who holds which access key, which the gateway asks with each request.
///
/// Promises: a change is one transaction, and takes effect with the first request after its commit;
/// asking for a holder costs a look-up in memory. Secrets are sealed at rest. May depend on
/// `engine`, `storage`, `secret`, `policy`, `log` and `wire`. The services `iam` and `sts` meet
/// here. Start reading at [io.millrace.identity.IdentityStore] and
/// [io.millrace.identity.StoredIdentities].
@NullMarked
package io.millrace.identity;

import org.jspecify.annotations.NullMarked;
