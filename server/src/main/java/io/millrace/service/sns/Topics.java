package io.millrace.service.sns;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

/// Finds topics by the ARN of a request, and refuses as AWS does.
final class Topics {

    private Topics() {}

    /// The ARN in a request's member `name`, of a topic in the caller's region.
    static Arn parse(Caller caller, String name, String text) {
        Arn arn = Arn.parse(text).orElseThrow(() -> SnsErrors.malformedArn(name, text));
        if (!arn.service().equals("sns")
                || !arn.region().equals(caller.region())
                || arn.resource().indexOf(':') >= 0) {
            throw SnsErrors.invalidParameter(name);
        }
        return arn;
    }

    /// The topic, for a caller who may do `action` with it.
    static Topic require(Snapshot snapshot, Caller caller, String action, Arn arn) {
        return require(snapshot, Permission.of(caller, action), arn);
    }

    /// The topic, for whom it admits; who is not even told whether there is one gets the same
    /// refusal when there is none.
    static Topic require(Snapshot snapshot, Permission permission, Arn arn) {
        Topic topic = find(snapshot, arn);
        if (topic == null) {
            throw permission.isOwn(arn) ? SnsErrors.topicNotFound() : permission.denied(arn);
        }
        permission.check(topic);
        return topic;
    }

    static @Nullable Topic find(Snapshot snapshot, Arn arn) {
        return Topic.CODEC.decodeOrNull(snapshot.get(SnsKeys.topic(arn)));
    }

    static void put(Transaction tx, Topic topic) {
        tx.put(SnsKeys.topic(topic.arn()), Topic.CODEC.encode(topic));
    }
}
