package io.millrace.service.iam;

import io.millrace.api.iam.CreateRoleRequest;
import io.millrace.api.iam.CreateRoleResponse;
import io.millrace.engine.Transaction;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.RoleTraits;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.Map;

/// `CreateRole`. Errors: `EntityAlreadyExists`, `InvalidInput`, `LimitExceeded`,
/// `MalformedPolicyDocument`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html).
final class CreateRole implements Operation<CreateRoleRequest, CreateRoleResponse> {
    private final Entities entities;
    private final InstantSource clock;

    CreateRole(Entities entities, InstantSource clock) {
        this.entities = entities;
        this.clock = clock;
    }

    @Override
    public CreateRoleResponse handle(Caller caller, CreateRoleRequest request) {
        PolicyDocument.checkTrust(request.assumeRolePolicyDocument());
        Integer seconds = request.maxSessionDuration();
        RoleTraits traits =
                new RoleTraits(
                        request.assumeRolePolicyDocument(),
                        request.description(),
                        seconds == null ? IamLimits.SESSION_SECONDS : seconds,
                        null);
        StoredPrincipal role =
                StoredPrincipal.of(
                                Kind.ROLE,
                                request.roleName(),
                                Entities.path(request.path()),
                                entities.identities().newId(Kind.ROLE),
                                clock.millis())
                        .withTraits(traits)
                        .withTags(Tags.with(Map.of(), request.tags(), "TagsPerRole"))
                        .withBoundary(request.permissionsBoundary());
        if (role.path().startsWith(ServiceLinkedRoles.PATH)) {
            throw IamErrors.validation(
                    "Invalid Path. Paths that begin with "
                            + ServiceLinkedRoles.PATH
                            + " are reserved for service-linked roles.");
        }
        entities.identities().write(tx -> create(tx, caller, role));
        return new CreateRoleResponse(
                Views.listedRole(caller.accountId(), role).toBuilder()
                        .permissionsBoundary(Views.boundary(role))
                        .tags(Tags.listOrNull(role.tags()))
                        .build());
    }

    private StoredPrincipal create(Transaction tx, Caller caller, StoredPrincipal role) {
        entities.checkTrusted(tx, caller, role.traits().trustPolicy());
        if (role.boundary() != null) {
            entities.requireAttachable(tx, caller, role.boundary());
        }
        put(entities, tx, caller, role);
        return role;
    }

    /// Adds a role that is checked.
    static void put(Entities entities, Transaction tx, Caller caller, StoredPrincipal role) {
        IdentityStore identities = entities.identities();
        entities.requireFree(tx, caller, Kind.ROLE, role.name());
        if (identities.count(tx, caller.accountId(), Kind.ROLE) >= IamLimits.ROLES_MAX) {
            throw IamErrors.quota("RolesPerAccount", IamLimits.ROLES_MAX);
        }
        identities.put(tx, caller.accountId(), null, role);
    }
}
