package io.millrace.service.sns;

import io.millrace.api.sns.ListTopicsInput;
import io.millrace.api.sns.ListTopicsResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `ListTopics`: the caller's topics by name, 100 a page.
///
/// Source: [API reference](https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html).
final class ListTopics implements Operation<ListTopicsInput, ListTopicsResponse> {
    private final Store store;

    ListTopics(Store store) {
        this.store = store;
    }

    @Override
    public ListTopicsResponse handle(Caller caller, ListTopicsInput request) {
        byte[] prefix = SnsKeys.topics(caller.accountId(), caller.region()).toBytes();
        Page<String> page =
                store.read(snapshot ->
                        Page.read(
                                snapshot,
                                prefix,
                                request.nextToken(),
                                (_, value) -> Topic.CODEC.decode(value).arn().toString()));
        return ListTopicsResponse.builder()
                .topics(
                        page.items().stream()
                                .map(arn ->
                                        io.millrace.api.sns.Topic.builder().topicArn(arn).build())
                                .toList())
                .nextToken(page.nextToken())
                .build();
    }
}
