package io.millrace.service.sns;

import io.millrace.api.sns.ListSubscriptionsByTopicInput;
import io.millrace.api.sns.ListSubscriptionsByTopicResponse;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `ListSubscriptionsByTopic`: a topic's subscriptions, 100 a page.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html).
final class ListSubscriptionsByTopic
        implements Operation<ListSubscriptionsByTopicInput, ListSubscriptionsByTopicResponse> {
    private final Store store;

    ListSubscriptionsByTopic(Store store) {
        this.store = store;
    }

    @Override
    public ListSubscriptionsByTopicResponse handle(
            Caller caller, ListSubscriptionsByTopicInput request) {
        Arn arn = Topics.parse(caller, "TopicArn", request.topicArn());
        return store.read(snapshot -> {
            Topic topic = Topics.require(snapshot, caller, "ListSubscriptionsByTopic", arn);
            Page<io.millrace.api.sns.Subscription> page =
                    Page.read(
                            snapshot,
                            SnsKeys.subscriptions(topic.number()),
                            request.nextToken(),
                            (_, value) -> Subscriptions.shown(Subscription.CODEC.decode(value)));
            return ListSubscriptionsByTopicResponse.builder()
                    .subscriptions(page.items())
                    .nextToken(page.nextToken())
                    .build();
        });
    }
}
