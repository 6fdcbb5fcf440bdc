package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.UpdateUserRequest;
import io.millrace.identity.Kind;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `UpdateUser`: another name or path; the unique id, keys, groups and policies stay. Errors:
/// `EntityAlreadyExists`, `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html).
final class UpdateUser implements Operation<UpdateUserRequest, Unit> {
    private final Entities entities;

    UpdateUser(Entities entities) {
        this.entities = entities;
    }

    @Override
    public Unit handle(Caller caller, UpdateUserRequest request) {
        return entities.identities()
                .write(tx -> {
                    entities.rename(
                            tx,
                            caller,
                            Kind.USER,
                            request.userName(),
                            request.newUserName(),
                            request.newPath());
                    return Unit.UNIT;
                });
    }
}
