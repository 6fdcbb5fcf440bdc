package io.millrace.service.iam;

import io.millrace.api.iam.GetUserRequest;
import io.millrace.api.iam.GetUserResponse;
import io.millrace.api.iam.User;
import io.millrace.identity.Kind;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;
import io.millrace.wire.Operation;
import io.millrace.wire.PrincipalType;

import java.time.Instant;

/// `GetUser`: the caller when the request names nobody, be it the account's root. Errors:
/// `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html).
final class GetUser implements Operation<GetUserRequest, GetUserResponse> {
    private final Entities entities;

    GetUser(Entities entities) {
        this.entities = entities;
    }

    @Override
    public GetUserResponse handle(Caller caller, GetUserRequest request) {
        Identity identity = caller.identity();
        if (request.userName() == null
                && (identity == null || identity.type() == PrincipalType.ACCOUNT)) {
            return new GetUserResponse(
                    User.builder()
                            .path(Entities.DEFAULT_PATH)
                            .userName("root")
                            .userId(caller.accountId())
                            .arn("arn:aws:iam::" + caller.accountId() + ":root")
                            .createDate(Instant.EPOCH)
                            .build());
        }
        String name = Entities.userName(caller, request.userName());
        return new GetUserResponse(
                Views.user(caller.accountId(), entities.require(caller, Kind.USER, name)));
    }
}
