package io.millrace.service.iam;

import io.millrace.api.iam.CreateUserRequest;
import io.millrace.api.iam.CreateUserResponse;
import io.millrace.engine.Transaction;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.Map;

/// `CreateUser`. Errors: `EntityAlreadyExists`, `InvalidInput`, `LimitExceeded`, `NoSuchEntity`.
/// Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html).
final class CreateUser implements Operation<CreateUserRequest, CreateUserResponse> {
    private final Entities entities;
    private final InstantSource clock;

    CreateUser(Entities entities, InstantSource clock) {
        this.entities = entities;
        this.clock = clock;
    }

    @Override
    public CreateUserResponse handle(Caller caller, CreateUserRequest request) {
        IdentityStore identities = entities.identities();
        StoredPrincipal user =
                StoredPrincipal.of(
                                Kind.USER,
                                request.userName(),
                                Entities.path(request.path()),
                                identities.newId(Kind.USER),
                                clock.millis())
                        .withTags(Tags.with(Map.of(), request.tags(), "TagsPerUser"))
                        .withBoundary(request.permissionsBoundary());
        identities.write(tx -> create(tx, caller, user));
        return new CreateUserResponse(Views.user(caller.accountId(), user));
    }

    private StoredPrincipal create(Transaction tx, Caller caller, StoredPrincipal user) {
        IdentityStore identities = entities.identities();
        String account = caller.accountId();
        entities.requireFree(tx, caller, Kind.USER, user.name());
        if (identities.count(tx, account, Kind.USER) >= IamLimits.USERS_MAX) {
            throw IamErrors.quota("UsersPerAccount", IamLimits.USERS_MAX);
        }
        if (user.boundary() != null) {
            entities.requireAttachable(tx, caller, user.boundary());
        }
        identities.put(tx, account, null, user);
        return user;
    }
}
