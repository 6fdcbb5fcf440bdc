package io.millrace.identity;

import io.millrace.engine.Snapshot;
import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyKind;
import io.millrace.wire.Credential;
import io.millrace.wire.ExecutionRoles;
import io.millrace.wire.Identity;
import io.millrace.wire.PrincipalType;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The roles that IAM keeps, for services that their trust policies let in. A session has no keys,
/// as nobody signs with them. Thread-safe.
public final class TrustedRoles implements ExecutionRoles {
    private static final Credential NO_KEYS = new Credential("", "", "");

    private final IdentityStore identities;
    private final Grants grants;
    private final InstantSource clock;

    public TrustedRoles(IdentityStore identities, InstantSource clock) {
        this.identities = identities;
        this.grants = new Grants(identities);
        this.clock = clock;
    }

    @Override
    public boolean areEnforced() {
        return true;
    }

    @Override
    public Optional<Identity> assume(Use use) {
        Optional<Arn> arn =
                Arn.parse(use.roleArn()).filter(each -> each.accountId().equals(use.accountId()));
        return arn.flatMap(role ->
                identities.read(snapshot ->
                        identities
                                .role(snapshot, role)
                                .filter(found -> trusts(found, role, use))
                                .map(found -> session(snapshot, found, use))));
    }

    private static boolean trusts(StoredPrincipal role, Arn arn, Use use) {
        Access access =
                Access.ofService(use.service(), use.sourceArn(), "sts:AssumeRole", arn)
                        .with("sts:rolesessionname", use.sessionName());
        return Policy.kept(role.traits().trustPolicy(), PolicyKind.TRUST).evaluate(access)
                == Decision.ALLOW;
    }

    private Identity session(Snapshot snapshot, StoredPrincipal role, Use use) {
        String account = use.accountId();
        Map<String, List<String>> context = new HashMap<>();
        StoredSession.putTags(context, role.tags());
        context.put("aws:principalarn", List.of(role.arn(account)));
        context.put("aws:tokenissuetime", List.of(clock.instant().toString()));
        context.put("aws:multifactorauthpresent", List.of("false"));
        return new Identity(
                NO_KEYS,
                account,
                "arn:aws:sts::"
                        + account
                        + ":assumed-role/"
                        + role.name()
                        + "/"
                        + use.sessionName(),
                role.id() + ":" + use.sessionName(),
                PrincipalType.ASSUMED_ROLE,
                grants.of(snapshot, account, role, null),
                context);
    }
}
