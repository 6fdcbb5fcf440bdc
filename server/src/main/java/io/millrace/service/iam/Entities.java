package io.millrace.service.iam;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.identity.AwsPolicies;
import io.millrace.identity.Grants;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.InstanceProfile;
import io.millrace.identity.Kind;
import io.millrace.identity.ManagedPolicy;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;
import io.millrace.wire.PrincipalType;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.UnaryOperator;

/// Finds what requests name, in the account of the caller, or refuses. Thread-safe.
final class Entities {
    static final String DEFAULT_PATH = "/";

    private final IdentityStore identities;
    private final Grants grants;

    Entities(IdentityStore identities) {
        this.identities = identities;
        this.grants = new Grants(identities);
    }

    IdentityStore identities() {
        return identities;
    }

    StoredPrincipal require(Snapshot snapshot, Caller caller, Kind kind, String name) {
        return identities
                .principal(snapshot, caller.accountId(), kind, name)
                .orElseThrow(() -> IamErrors.notFound(kind, name));
    }

    StoredPrincipal require(Caller caller, Kind kind, String name) {
        return identities.read(snapshot -> require(snapshot, caller, kind, name));
    }

    /// Changes one principal, in a transaction of its own.
    StoredPrincipal change(
            Caller caller, Kind kind, String name, UnaryOperator<StoredPrincipal> change) {
        return identities.write(tx -> change(tx, caller, kind, name, change));
    }

    StoredPrincipal change(
            Transaction tx,
            Caller caller,
            Kind kind,
            String name,
            UnaryOperator<StoredPrincipal> change) {
        StoredPrincipal before = require(tx, caller, kind, name);
        StoredPrincipal after = change.apply(before);
        if (!after.equals(before)) {
            identities.put(tx, caller.accountId(), before, after);
        }
        return after;
    }

    /// Refuses a name that is taken.
    void requireFree(Snapshot snapshot, Caller caller, Kind kind, String name) {
        if (identities.principal(snapshot, caller.accountId(), kind, name).isPresent()) {
            throw IamErrors.exists(kind, name);
        }
    }

    /// Gives a user or group another name, path or both.
    ///
    /// @return as it is now
    StoredPrincipal rename(
            Transaction tx,
            Caller caller,
            Kind kind,
            String name,
            @Nullable String newName,
            @Nullable String newPath) {
        if (newName != null && !newName.equalsIgnoreCase(name)) {
            requireFree(tx, caller, kind, newName);
        }
        return change(
                tx,
                caller,
                kind,
                name,
                one ->
                        one.named(
                                newName == null ? one.name() : newName,
                                newPath == null ? one.path() : newPath));
    }

    /// A page of all principals of a kind.
    ListPage<StoredPrincipal> page(
            Caller caller,
            Kind kind,
            @Nullable String pathPrefix,
            @Nullable String marker,
            @Nullable Integer maxItems) {
        String prefix = path(pathPrefix);
        byte[] all = identities.all(caller.accountId(), kind);
        return identities.read(snapshot ->
                ListPage.of(
                        snapshot,
                        all,
                        marker,
                        maxItems,
                        cursor -> {
                            StoredPrincipal one = identities.decodePrincipal(cursor.value());
                            return one.path().startsWith(prefix) ? one : null;
                        }));
    }

    InstanceProfile requireProfile(Snapshot snapshot, Caller caller, String name) {
        return identities
                .profile(snapshot, caller.accountId(), name)
                .orElseThrow(() -> IamErrors.notFound(Kind.INSTANCE_PROFILE, name));
    }

    /// Refuses a trust policy that names users or roles of the account that are not there.
    void checkTrusted(Snapshot snapshot, Caller caller, String trustPolicy) {
        String account = "arn:aws:iam::" + caller.accountId() + ":";
        for (String principal : PolicyDocument.awsPrincipals(trustPolicy)) {
            for (Kind kind : new Kind[] {Kind.USER, Kind.ROLE}) {
                String name = principal.substring(principal.lastIndexOf('/') + 1);
                boolean missing =
                        principal.startsWith(account + kind.word() + "/")
                                && identities
                                        .principal(snapshot, caller.accountId(), kind, name)
                                        .filter(one ->
                                                one.arn(caller.accountId()).equals(principal))
                                        .isEmpty();
                if (missing) {
                    throw PolicyDocument.invalidPrincipal("AWS", principal);
                }
            }
        }
    }

    /// Refuses to change a role that belongs to a service.
    static void checkModifiable(StoredPrincipal principal) {
        if (principal.role() != null && principal.role().service() != null) {
            throw IamErrors.unmodifiable(
                    "Cannot perform the operation on the protected role '"
                            + principal.name()
                            + "' - this role is only modifiable by AWS");
        }
    }

    /// Refuses to delete what policies hang on.
    static void checkWithoutPolicies(StoredPrincipal principal) {
        if (!principal.attachedPolicies().isEmpty()) {
            throw IamErrors.deleteConflict("Cannot delete entity, must detach all policies first.");
        }
        if (!principal.inlinePolicies().isEmpty()) {
            throw IamErrors.deleteConflict("Cannot delete entity, must delete policies first.");
        }
    }

    /// A managed policy, the account's or AWS's.
    ManagedPolicy requirePolicy(Snapshot snapshot, Caller caller, String arn) {
        checkPolicyArn(arn);
        return grants.managed(snapshot, caller.accountId(), arn)
                .orElseThrow(() -> IamErrors.policyNotFound(arn));
    }

    /// A managed policy that may be changed.
    ManagedPolicy requireOwnPolicy(Snapshot snapshot, Caller caller, String arn) {
        ManagedPolicy policy = requirePolicy(snapshot, caller, arn);
        if (AwsPolicies.isOne(arn)) {
            throw IamErrors.accessDenied(
                    "Policy " + arn + " is owned by AWS and cannot be changed.");
        }
        return policy;
    }

    /// A managed policy that is to be attached.
    void requireAttachable(Snapshot snapshot, Caller caller, String arn) {
        checkPolicyArn(arn);
        if (grants.managed(snapshot, caller.accountId(), arn).isEmpty()) {
            throw IamErrors.notAttachable(arn);
        }
    }

    static void checkPolicyArn(String arn) {
        if (!arn.matches("arn:aws:iam::(aws|[0-9]{12}):policy/.+")) {
            throw IamErrors.invalidInput("ARN " + arn + " is not valid.");
        }
    }

    /// The user that is meant: the caller when the request names none.
    static String userName(Caller caller, @Nullable String requested) {
        if (requested != null) {
            return requested;
        }
        Identity identity = caller.identity();
        if (identity == null || identity.type() != PrincipalType.USER) {
            throw IamErrors.validation(
                    "Must specify userName when calling with non-User credentials");
        }
        return identity.context().getOrDefault("aws:username", List.of()).getFirst();
    }

    /// The path that is meant.
    static String path(@Nullable String requested) {
        return requested == null ? DEFAULT_PATH : requested;
    }
}
