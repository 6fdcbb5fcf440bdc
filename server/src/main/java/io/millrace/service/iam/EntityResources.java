package io.millrace.service.iam;

import io.millrace.engine.Snapshot;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.StoredPrincipal;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Resources;

import java.util.Map;
import java.util.Optional;

/// What is told of users, roles and groups before an operation runs: their ARNs, which have a path
/// that requests do not tell, and their tags.
record EntityResources(IdentityStore identities) implements Resources {

    /// @param name as `user/alice`
    @Override
    public String arn(Caller caller, String name) {
        return identities.<String>read(snapshot -> {
            if (name.startsWith(Kind.INSTANCE_PROFILE.word() + "/")) {
                return identities
                        .profile(snapshot, caller.accountId(), last(name))
                        .map(profile -> profile.arn(caller.accountId()))
                        .orElse(name);
            }
            return find(snapshot, caller.accountId(), name)
                    .map(each -> each.arn(caller.accountId()))
                    .orElse(name);
        });
    }

    @Override
    public Map<String, String> tags(Caller caller, String text) {
        return identities.<Map<String, String>>read(snapshot ->
                Arn.parse(text)
                        .flatMap(arn -> find(snapshot, arn.accountId(), arn.resource()))
                        .<Map<String, String>>map(StoredPrincipal::tags)
                        .orElse(Map.of()));
    }

    private Optional<StoredPrincipal> find(Snapshot snapshot, String accountId, String name) {
        for (Kind kind : new Kind[] {Kind.USER, Kind.ROLE, Kind.GROUP}) {
            if (name.startsWith(kind.word() + "/")) {
                return identities.principal(snapshot, accountId, kind, last(name));
            }
        }
        return Optional.empty();
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
