package io.millrace.service.sns;

import io.millrace.api.sns.ListSubscriptionsInput;
import io.millrace.api.sns.ListSubscriptionsResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.Objects;

/// `ListSubscriptions`: the subscriptions that the caller's account made, 100 a page.
///
/// Source: [API reference](https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptions.html).
final class ListSubscriptions
        implements Operation<ListSubscriptionsInput, ListSubscriptionsResponse> {
    private final Store store;

    ListSubscriptions(Store store) {
        this.store = store;
    }

    @Override
    public ListSubscriptionsResponse handle(Caller caller, ListSubscriptionsInput request) {
        byte[] prefix = SnsKeys.byOwner(caller.accountId(), caller.region()).toBytes();
        return store.read(snapshot -> {
            Page<String> page =
                    Page.read(
                            snapshot,
                            prefix,
                            request.nextToken(),
                            (key, _) -> SnsKeys.subscriptionArn(key));
            return ListSubscriptionsResponse.builder()
                    .subscriptions(
                            page.items().stream()
                                    .map(arn -> Subscriptions.find(snapshot, arn))
                                    .filter(Objects::nonNull)
                                    .map(Subscriptions::shown)
                                    .toList())
                    .nextToken(page.nextToken())
                    .build();
        });
    }
}
