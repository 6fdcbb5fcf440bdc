package io.millrace.service.sns;

import io.millrace.api.sns.GetTopicAttributesInput;
import io.millrace.api.sns.GetTopicAttributesResponse;
import io.millrace.engine.Bytes;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.service.sns.SnsKeys.Count;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// `GetTopicAttributes`: what was set, the defaults, and the counts of subscriptions.
///
/// Source: [API reference](https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html).
final class GetTopicAttributes
        implements Operation<GetTopicAttributesInput, GetTopicAttributesResponse> {
    private final Store store;
    private final InstantSource clock;

    GetTopicAttributes(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public GetTopicAttributesResponse handle(Caller caller, GetTopicAttributesInput request) {
        Arn arn = Topics.parse(caller, "TopicArn", request.topicArn());
        return store.read(snapshot -> {
            Topic topic = Topics.require(snapshot, caller, "GetTopicAttributes", arn);
            return GetTopicAttributesResponse.builder()
                    .attributes(attributes(snapshot, topic))
                    .build();
        });
    }

    private Map<String, String> attributes(Snapshot snapshot, Topic topic) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("Policy", topic.policy());
        attributes.put("Owner", topic.accountId());
        attributes.put("SubscriptionsPending", count(snapshot, topic, Count.PENDING));
        attributes.put("TopicArn", topic.arn().toString());
        attributes.put("EffectiveDeliveryPolicy", DeliveryPolicy.effective(topic));
        attributes.put("SubscriptionsConfirmed", count(snapshot, topic, Count.CONFIRMED));
        attributes.put("DisplayName", "");
        attributes.put("SubscriptionsDeleted", count(snapshot, topic, Count.DELETED));
        if (topic.isFifo()) {
            attributes.put(TopicAttributes.CONTENT_BASED_DEDUPLICATION, "false");
        }
        attributes.putAll(topic.attributes());
        attributes.computeIfPresent(
                TopicAttributes.DELIVERY_POLICY, (_, given) -> DeliveryPolicy.ofTopic(given));
        attributes.remove(TopicAttributes.DATA_PROTECTION_POLICY);
        Archive.State archive = Archive.state(snapshot, topic.number());
        if (archive != null) {
            attributes.put(
                    "BeginningArchiveTime", Archive.shown(archive.beginningMillis(clock.millis())));
        }
        return attributes;
    }

    private static String count(Snapshot snapshot, Topic topic, Count which) {
        return Long.toString(Bytes.counter(snapshot.get(SnsKeys.count(topic.number(), which))));
    }
}
