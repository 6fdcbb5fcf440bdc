package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.DeleteRolePermissionsBoundaryRequest;
import io.millrace.api.iam.DeleteUserPermissionsBoundaryRequest;
import io.millrace.api.iam.PutRolePermissionsBoundaryRequest;
import io.millrace.api.iam.PutUserPermissionsBoundaryRequest;
import io.millrace.identity.Kind;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;

/// The managed policy that a user or role never exceeds: `PutUserPermissionsBoundary` and so on.
/// Errors: `NoSuchEntity`, `UnmodifiableEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html).
final class PermissionsBoundaries {
    private final Entities entities;

    PermissionsBoundaries(Entities entities) {
        this.entities = entities;
    }

    Unit putUser(Caller caller, PutUserPermissionsBoundaryRequest request) {
        return put(caller, Kind.USER, request.userName(), request.permissionsBoundary());
    }

    Unit putRole(Caller caller, PutRolePermissionsBoundaryRequest request) {
        return put(caller, Kind.ROLE, request.roleName(), request.permissionsBoundary());
    }

    Unit deleteUser(Caller caller, DeleteUserPermissionsBoundaryRequest request) {
        return delete(caller, Kind.USER, request.userName());
    }

    Unit deleteRole(Caller caller, DeleteRolePermissionsBoundaryRequest request) {
        return delete(caller, Kind.ROLE, request.roleName());
    }

    private Unit put(Caller caller, Kind kind, String name, String policyArn) {
        return entities.identities()
                .write(tx -> {
                    entities.requireAttachable(tx, caller, policyArn);
                    entities.change(
                            tx,
                            caller,
                            kind,
                            name,
                            principal -> {
                                Entities.checkModifiable(principal);
                                return principal.withBoundary(policyArn);
                            });
                    return Unit.UNIT;
                });
    }

    private Unit delete(Caller caller, Kind kind, String name) {
        entities.change(
                caller,
                kind,
                name,
                principal -> {
                    Entities.checkModifiable(principal);
                    if (principal.boundary() == null) {
                        throw noBoundary(principal);
                    }
                    return principal.withBoundary(null);
                });
        return Unit.UNIT;
    }

    private static RuntimeException noBoundary(StoredPrincipal principal) {
        return IamErrors.noSuchEntity(
                "The "
                        + principal.kind().word()
                        + " with name "
                        + principal.name()
                        + " does not have a permissions boundary.");
    }
}
