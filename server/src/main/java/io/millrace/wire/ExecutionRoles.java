package io.millrace.wire;

import java.util.Optional;

/// The roles that services assume to act for an account. Thread-safe.
public interface ExecutionRoles {

    /// Of development mode, where services act as the account, whatever role they were given.
    ExecutionRoles UNCHECKED =
            new ExecutionRoles() {
                @Override
                public boolean areEnforced() {
                    return false;
                }

                @Override
                public Optional<Identity> assume(Use use) {
                    return Optional.of(Identity.root(new Credential(use.accountId(), "", null)));
                }
            };

    /// Who wants to act as what.
    ///
    /// @param accountId for which the service acts; roles of other accounts cannot be passed to it
    /// @param service as `scheduler.amazonaws.com`
    /// @param sourceArn on whose behalf, as trust policies know it in `aws:SourceArn`
    /// @param sessionName how the role's session is called
    record Use(
            String accountId,
            String roleArn,
            String service,
            String sourceArn,
            String sessionName) {}

    /// Whether a service may do only what the role may.
    boolean areEnforced();

    /// Who acts in a new session of the role, with what the role may do at this moment; empty when
    /// there is no such role in the account, or its trust policy does not let the service in.
    /// Outside of any transaction.
    Optional<Identity> assume(Use use);
}
