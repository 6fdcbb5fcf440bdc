package io.millrace.identity;

import io.millrace.engine.Snapshot;
import io.millrace.wire.Permissions;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Collects the policies that hang on principals. Thread-safe.
public final class Grants {
    private final IdentityStore identities;

    public Grants(IdentityStore identities) {
        this.identities = identities;
    }

    /// What a user or role may do by its policies and those of its groups.
    ///
    /// @param sessionPolicies what a session was restricted to; null for none
    public Permissions of(
            Snapshot snapshot,
            String accountId,
            StoredPrincipal principal,
            @Nullable List<String> sessionPolicies) {
        List<String> documents = new ArrayList<>();
        collect(snapshot, accountId, principal, documents);
        for (String group : principal.groups()) {
            identities
                    .principal(snapshot, accountId, Kind.GROUP, group)
                    .ifPresent(each -> collect(snapshot, accountId, each, documents));
        }
        String boundary = principal.boundary();
        return new Permissions(
                false,
                documents,
                boundary == null
                        ? null
                        : managed(snapshot, accountId, boundary)
                                .map(ManagedPolicy::document)
                                .orElseThrow(() -> new IllegalStateException(boundary)),
                sessionPolicies);
    }

    private void collect(
            Snapshot snapshot,
            String accountId,
            StoredPrincipal principal,
            List<String> documents) {
        documents.addAll(principal.inlinePolicies().values());
        for (String arn : principal.attachedPolicies()) {
            managed(snapshot, accountId, arn)
                    .map(ManagedPolicy::document)
                    .ifPresent(documents::add);
        }
    }

    /// The managed policy with an ARN: the account's own, or one of AWS's.
    public Optional<ManagedPolicy> managed(Snapshot snapshot, String accountId, String arn) {
        if (AwsPolicies.isOne(arn)) {
            return AwsPolicies.find(arn);
        }
        String name = arn.substring(arn.lastIndexOf('/') + 1);
        return identities
                .policy(snapshot, accountId, name)
                .filter(policy -> policy.arn(accountId).equals(arn));
    }
}
