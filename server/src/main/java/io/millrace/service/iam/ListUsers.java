package io.millrace.service.iam;

import io.millrace.api.iam.ListUsersRequest;
import io.millrace.api.iam.ListUsersResponse;
import io.millrace.api.iam.User;
import io.millrace.identity.Kind;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;

/// `ListUsers`, in the order of names. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html).
final class ListUsers implements Operation<ListUsersRequest, ListUsersResponse> {
    private final Entities entities;

    ListUsers(Entities entities) {
        this.entities = entities;
    }

    @Override
    public ListUsersResponse handle(Caller caller, ListUsersRequest request) {
        ListPage<StoredPrincipal> page =
                entities.page(
                        caller,
                        Kind.USER,
                        request.pathPrefix(),
                        request.marker(),
                        request.maxItems());
        List<User> users =
                page.items().stream()
                        .map(each -> Views.listedUser(caller.accountId(), each))
                        .toList();
        return new ListUsersResponse(users, page.isTruncated(), page.marker());
    }
}
