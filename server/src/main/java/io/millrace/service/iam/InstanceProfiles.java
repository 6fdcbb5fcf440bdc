package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.AddRoleToInstanceProfileRequest;
import io.millrace.api.iam.CreateInstanceProfileRequest;
import io.millrace.api.iam.CreateInstanceProfileResponse;
import io.millrace.api.iam.DeleteInstanceProfileRequest;
import io.millrace.api.iam.GetInstanceProfileRequest;
import io.millrace.api.iam.GetInstanceProfileResponse;
import io.millrace.api.iam.ListInstanceProfilesForRoleRequest;
import io.millrace.api.iam.ListInstanceProfilesForRoleResponse;
import io.millrace.api.iam.ListInstanceProfilesRequest;
import io.millrace.api.iam.ListInstanceProfilesResponse;
import io.millrace.api.iam.RemoveRoleFromInstanceProfileRequest;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.InstanceProfile;
import io.millrace.identity.Kind;
import io.millrace.identity.Link;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/// Instance profiles: names for roles that machines take. `CreateInstanceProfile`,
/// `GetInstanceProfile`, `ListInstanceProfiles`, `ListInstanceProfilesForRole`,
/// `AddRoleToInstanceProfile`, `RemoveRoleFromInstanceProfile` and `DeleteInstanceProfile`. Errors:
/// `DeleteConflict`, `EntityAlreadyExists`, `LimitExceeded`, `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html).
final class InstanceProfiles {
    private final Entities entities;
    private final InstantSource clock;

    InstanceProfiles(Entities entities, InstantSource clock) {
        this.entities = entities;
        this.clock = clock;
    }

    CreateInstanceProfileResponse create(Caller caller, CreateInstanceProfileRequest request) {
        IdentityStore identities = entities.identities();
        InstanceProfile profile =
                new InstanceProfile(
                                request.instanceProfileName(),
                                Entities.path(request.path()),
                                identities.newId(Kind.INSTANCE_PROFILE),
                                clock.millis(),
                                null,
                                new TreeMap<>())
                        .withTags(Tags.with(Map.of(), request.tags(), "TagsPerInstanceProfile"));
        identities.write(tx -> create(tx, caller, profile));
        return new CreateInstanceProfileResponse(Views.profile(caller.accountId(), profile, null));
    }

    private InstanceProfile create(Transaction tx, Caller caller, InstanceProfile profile) {
        IdentityStore identities = entities.identities();
        String account = caller.accountId();
        if (identities.profile(tx, account, profile.name()).isPresent()) {
            throw IamErrors.exists(Kind.INSTANCE_PROFILE, profile.name());
        }
        if (identities.count(tx, account, Kind.INSTANCE_PROFILE)
                >= IamLimits.INSTANCE_PROFILES_MAX) {
            throw IamErrors.quota("InstanceProfilesPerAccount", IamLimits.INSTANCE_PROFILES_MAX);
        }
        identities.put(tx, account, null, profile);
        return profile;
    }

    GetInstanceProfileResponse get(Caller caller, GetInstanceProfileRequest request) {
        return entities.identities()
                .read(snapshot ->
                        new GetInstanceProfileResponse(
                                view(
                                        snapshot,
                                        caller,
                                        entities.requireProfile(
                                                snapshot, caller, request.instanceProfileName()))));
    }

    private io.millrace.api.iam.InstanceProfile view(
            Snapshot snapshot, Caller caller, InstanceProfile profile) {
        StoredPrincipal role =
                profile.role() == null
                        ? null
                        : entities.require(snapshot, caller, Kind.ROLE, profile.role());
        return Views.profile(caller.accountId(), profile, role);
    }

    ListInstanceProfilesResponse list(Caller caller, ListInstanceProfilesRequest request) {
        IdentityStore identities = entities.identities();
        String prefix = Entities.path(request.pathPrefix());
        ListPage<io.millrace.api.iam.InstanceProfile> page =
                identities.read(snapshot ->
                        ListPage.of(
                                snapshot,
                                identities.all(caller.accountId(), Kind.INSTANCE_PROFILE),
                                request.marker(),
                                request.maxItems(),
                                cursor -> {
                                    InstanceProfile one = identities.decodeProfile(cursor.value());
                                    return one.path().startsWith(prefix)
                                            ? view(snapshot, caller, one)
                                            : null;
                                }));
        return new ListInstanceProfilesResponse(page.items(), page.isTruncated(), page.marker());
    }

    ListInstanceProfilesForRoleResponse ofRole(
            Caller caller, ListInstanceProfilesForRoleRequest request) {
        ListPage<io.millrace.api.iam.InstanceProfile> page =
                entities.identities().read(snapshot -> ofRole(snapshot, caller, request));
        return new ListInstanceProfilesForRoleResponse(
                page.items(), page.isTruncated(), page.marker());
    }

    private ListPage<io.millrace.api.iam.InstanceProfile> ofRole(
            Snapshot snapshot, Caller caller, ListInstanceProfilesForRoleRequest request) {
        String role = entities.require(snapshot, caller, Kind.ROLE, request.roleName()).name();
        return ListPage.of(
                snapshot,
                entities.identities()
                        .linked(caller.accountId(), Link.PROFILE, role, Kind.INSTANCE_PROFILE),
                request.marker(),
                request.maxItems(),
                cursor ->
                        view(
                                snapshot,
                                caller,
                                entities.requireProfile(
                                        snapshot, caller, IdentityStore.linkedName(cursor.key()))));
    }

    Unit add(Caller caller, AddRoleToInstanceProfileRequest request) {
        return entities.identities()
                .write(tx -> {
                    InstanceProfile before =
                            entities.requireProfile(tx, caller, request.instanceProfileName());
                    String role =
                            entities.require(tx, caller, Kind.ROLE, request.roleName()).name();
                    if (before.role() != null) {
                        throw IamErrors.quota("InstanceSessionsPerInstanceProfile", 1);
                    }
                    entities.identities()
                            .put(tx, caller.accountId(), before, before.withRole(role));
                    return Unit.UNIT;
                });
    }

    Unit remove(Caller caller, RemoveRoleFromInstanceProfileRequest request) {
        return entities.identities()
                .write(tx -> {
                    InstanceProfile before =
                            entities.requireProfile(tx, caller, request.instanceProfileName());
                    if (before.role() == null
                            || !before.role().equalsIgnoreCase(request.roleName())) {
                        throw IamErrors.notFound(Kind.ROLE, request.roleName());
                    }
                    entities.identities()
                            .put(tx, caller.accountId(), before, before.withRole(null));
                    return Unit.UNIT;
                });
    }

    Unit delete(Caller caller, DeleteInstanceProfileRequest request) {
        return entities.identities()
                .write(tx -> {
                    InstanceProfile profile =
                            entities.requireProfile(tx, caller, request.instanceProfileName());
                    if (profile.role() != null) {
                        throw IamErrors.deleteConflict(
                                "Cannot delete entity, must remove roles from instance profile"
                                        + " first.");
                    }
                    entities.identities().put(tx, caller.accountId(), profile, null);
                    return Unit.UNIT;
                });
    }
}
