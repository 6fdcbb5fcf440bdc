package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.DeleteRoleRequest;
import io.millrace.api.iam.GetRoleRequest;
import io.millrace.api.iam.GetRoleResponse;
import io.millrace.api.iam.ListRolesRequest;
import io.millrace.api.iam.ListRolesResponse;
import io.millrace.api.iam.Role;
import io.millrace.api.iam.UpdateAssumeRolePolicyRequest;
import io.millrace.api.iam.UpdateRoleDescriptionRequest;
import io.millrace.api.iam.UpdateRoleDescriptionResponse;
import io.millrace.api.iam.UpdateRoleRequest;
import io.millrace.api.iam.UpdateRoleResponse;
import io.millrace.engine.Transaction;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.LastUses;
import io.millrace.identity.Link;
import io.millrace.identity.RoleTraits;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;

import java.util.List;

/// Roles that are there: `GetRole`, `ListRoles`, `UpdateRole`, `UpdateRoleDescription`,
/// `UpdateAssumeRolePolicy` and `DeleteRole`. Errors: `DeleteConflict`, `MalformedPolicyDocument`,
/// `NoSuchEntity`, `UnmodifiableEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html).
final class Roles {
    private final Entities entities;
    private final LastUses lastUses;

    Roles(Entities entities, LastUses lastUses) {
        this.entities = entities;
        this.lastUses = lastUses;
    }

    GetRoleResponse get(Caller caller, GetRoleRequest request) {
        StoredPrincipal role = entities.require(caller, Kind.ROLE, request.roleName());
        return new GetRoleResponse(Views.role(caller.accountId(), role, lastUses.of(role.id())));
    }

    ListRolesResponse list(Caller caller, ListRolesRequest request) {
        ListPage<StoredPrincipal> page =
                entities.page(
                        caller,
                        Kind.ROLE,
                        request.pathPrefix(),
                        request.marker(),
                        request.maxItems());
        List<Role> roles =
                page.items().stream()
                        .map(each -> Views.listedRole(caller.accountId(), each))
                        .toList();
        return new ListRolesResponse(roles, page.isTruncated(), page.marker());
    }

    /// What the request does not have stays. Everyone may describe a service's role
    /// ([documented](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-service-linked-role.html)).
    UpdateRoleResponse update(Caller caller, UpdateRoleRequest request) {
        entities.change(
                caller,
                Kind.ROLE,
                request.roleName(),
                role -> {
                    RoleTraits traits = role.traits();
                    if (request.description() != null) {
                        traits = traits.withDescription(request.description());
                    }
                    Integer seconds = request.maxSessionDuration();
                    if (seconds != null) {
                        Entities.checkModifiable(role);
                        traits = traits.withMaxSessionSeconds(seconds);
                    }
                    return role.withTraits(traits);
                });
        return new UpdateRoleResponse();
    }

    UpdateRoleDescriptionResponse describe(Caller caller, UpdateRoleDescriptionRequest request) {
        StoredPrincipal role =
                entities.change(
                        caller,
                        Kind.ROLE,
                        request.roleName(),
                        each ->
                                each.withTraits(
                                        each.traits().withDescription(request.description())));
        return new UpdateRoleDescriptionResponse(Views.listedRole(caller.accountId(), role));
    }

    Unit trust(Caller caller, UpdateAssumeRolePolicyRequest request) {
        PolicyDocument.checkTrust(request.policyDocument());
        return entities.identities()
                .write(tx -> {
                    entities.change(
                            tx,
                            caller,
                            Kind.ROLE,
                            request.roleName(),
                            role -> {
                                Entities.checkModifiable(role);
                                entities.checkTrusted(tx, caller, request.policyDocument());
                                return role.withTraits(
                                        role.traits().withTrustPolicy(request.policyDocument()));
                            });
                    return Unit.UNIT;
                });
    }

    Unit delete(Caller caller, DeleteRoleRequest request) {
        return entities.identities()
                .write(tx -> {
                    StoredPrincipal role =
                            entities.require(tx, caller, Kind.ROLE, request.roleName());
                    Entities.checkModifiable(role);
                    delete(entities, tx, caller, role);
                    return Unit.UNIT;
                });
    }

    /// Deletes one without policies that is in no instance profile; its sessions end.
    static void delete(Entities entities, Transaction tx, Caller caller, StoredPrincipal role) {
        IdentityStore identities = entities.identities();
        Entities.checkWithoutPolicies(role);
        if (identities.count(tx, caller.accountId(), Link.PROFILE, role.name()) > 0) {
            throw IamErrors.deleteConflict(
                    "Cannot delete entity, must remove roles from instance profile first.");
        }
        identities.put(tx, caller.accountId(), role, null);
    }
}
