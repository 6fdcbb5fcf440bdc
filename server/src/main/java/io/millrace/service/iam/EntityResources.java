package io.millrace.service.iam;

import io.millrace.api.Shape;
import io.millrace.api.iam.UpdateGroupRequest;
import io.millrace.api.iam.UpdateUserRequest;
import io.millrace.engine.Snapshot;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.MfaDevice;
import io.millrace.identity.MfaDevices;
import io.millrace.identity.StoredPrincipal;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Requested;
import io.millrace.wire.Resources;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is told of users, roles and groups before an operation runs: their ARNs, which have a path
/// that requests do not tell, their tags, and their permissions boundaries.
record EntityResources(IdentityStore identities, MfaDevices devices) implements Resources {
    private static final String DEVICE = "mfa/";
    private static final String BOUNDARY = "iam:permissionsboundary";

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

    /// Those of AWS's own are everyone's to read, and operations find no others.
    @Override
    public boolean decidesAcrossAccounts() {
        return true;
    }

    @Override
    public Map<String, String> tags(Caller caller, String text) {
        return identities.<Map<String, String>>read(
                snapshot -> Arn.parse(text).flatMap(arn -> tags(snapshot, arn)).orElse(Map.of()));
    }

    private Optional<Map<String, String>> tags(Snapshot snapshot, Arn arn) {
        return arn.resource().startsWith(DEVICE)
                ? devices.find(snapshot, arn.accountId(), arn.toString()).map(MfaDevice::tags)
                : find(snapshot, arn.accountId(), arn.resource()).map(StoredPrincipal::tags);
    }

    /// A user or group that gets another name or path, as it will be.
    @Override
    public List<Requested> requested(Caller caller, String operation, Shape input) {
        Optional<String> renamed =
                switch (input) {
                    case UpdateUserRequest user ->
                            renamed(
                                    caller,
                                    Kind.USER,
                                    user.userName(),
                                    user.newUserName(),
                                    user.newPath());
                    case UpdateGroupRequest group ->
                            renamed(
                                    caller,
                                    Kind.GROUP,
                                    group.groupName(),
                                    group.newGroupName(),
                                    group.newPath());
                    default -> throw new IllegalStateException(operation);
                };
        return renamed.map(arn -> new Requested("iam:" + operation, arn)).stream().toList();
    }

    /// Whoever is not there the operation refuses.
    private Optional<String> renamed(
            Caller caller,
            Kind kind,
            String name,
            @Nullable String newName,
            @Nullable String newPath) {
        String account = caller.accountId();
        return identities
                .<Optional<StoredPrincipal>>read(
                        snapshot -> identities.principal(snapshot, account, kind, name))
                .map(before ->
                        before.named(
                                        newName == null ? before.name() : newName,
                                        newPath == null ? before.path() : newPath)
                                .arn(account));
    }

    /// The boundary of the user or role that it is about, where the request does not name one.
    @Override
    public Map<String, List<String>> context(
            Caller caller, String operation, Shape input, Requested requested) {
        if (requested.context().containsKey(BOUNDARY)) {
            return Map.of();
        }
        return identities.<Map<String, List<String>>>read(snapshot ->
                Arn.parse(requested.resource())
                        .flatMap(arn -> find(snapshot, arn.accountId(), arn.resource()))
                        .flatMap(each -> Optional.ofNullable(each.boundary()))
                        .map(boundary -> Map.of(BOUNDARY, List.of(boundary)))
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
