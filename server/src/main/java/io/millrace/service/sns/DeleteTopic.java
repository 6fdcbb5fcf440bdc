package io.millrace.service.sns;

import io.millrace.api.Unit;
import io.millrace.api.sns.DeleteTopicInput;
import io.millrace.engine.Bytes;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `DeleteTopic`: removes a topic and its subscriptions; succeeds when there is none.
///
/// A topic with an archive is not removed. It is gone at once; its subscriptions go in pages, by
/// [TopicRemoval]. Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html).
final class DeleteTopic implements Operation<DeleteTopicInput, Unit> {
    private final Store store;
    private final TopicRemoval removal;
    private final Monitoring monitoring;

    DeleteTopic(Store store, TopicRemoval removal, Monitoring monitoring) {
        this.store = store;
        this.monitoring = monitoring;
        this.removal = removal;
    }

    @Override
    public Unit handle(Caller caller, DeleteTopicInput request) {
        Arn arn = Topics.parse(caller, "TopicArn", request.topicArn());
        Long number =
                store.<@Nullable Long>write(tx -> {
                    if (arn.accountId().equals(caller.accountId())
                            && Topics.find(tx, arn) == null) {
                        return null;
                    }
                    Topic topic = Topics.require(tx, caller, "DeleteTopic", arn);
                    if (topic.attributes().containsKey(TopicAttributes.ARCHIVE_POLICY)) {
                        throw SnsErrors.invalidState("Cannot delete a topic with an ArchivePolicy");
                    }
                    tx.delete(SnsKeys.topic(arn));
                    tx.put(SnsKeys.removedTopic(topic.number()), Bytes.EMPTY);
                    return topic.number();
                });
        if (number != null) {
            monitoring.metrics().forget(arn.toString());
            removal.removeSubscriptions(number);
        }
        return Unit.UNIT;
    }
}
