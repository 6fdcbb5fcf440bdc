package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.DeleteUserRequest;
import io.millrace.engine.Transaction;
import io.millrace.identity.Kind;
import io.millrace.identity.MfaDevices;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DeleteUser`: only one without keys, policies and groups. Errors: `DeleteConflict`,
/// `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html).
final class DeleteUser implements Operation<DeleteUserRequest, Unit> {
    private final Entities entities;
    private final MfaDevices devices;

    DeleteUser(Entities entities, MfaDevices devices) {
        this.entities = entities;
        this.devices = devices;
    }

    @Override
    public Unit handle(Caller caller, DeleteUserRequest request) {
        return entities.identities().write(tx -> delete(tx, caller, request.userName()));
    }

    private Unit delete(Transaction tx, Caller caller, String name) {
        StoredPrincipal user = entities.require(tx, caller, Kind.USER, name);
        Entities.checkWithoutPolicies(user);
        if (!user.accessKeys().isEmpty()) {
            throw IamErrors.deleteConflict("Cannot delete entity, must delete access keys first.");
        }
        if (!devices.of(tx, caller.accountId(), user.id()).isEmpty()) {
            throw IamErrors.deleteConflict("Cannot delete entity, must delete MFA device first.");
        }
        if (!user.groups().isEmpty()) {
            throw IamErrors.deleteConflict(
                    "Cannot delete entity, must remove users from group first.");
        }
        entities.identities().put(tx, caller.accountId(), user, null);
        return Unit.UNIT;
    }
}
