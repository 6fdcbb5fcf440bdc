package io.millrace.service.sns;

import io.millrace.api.Unit;
import io.millrace.api.sns.SetTopicAttributesInput;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// `SetTopicAttributes`: sets one attribute; an empty value removes it.
///
/// Source: [API reference](https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html).
final class SetTopicAttributes implements Operation<SetTopicAttributesInput, Unit> {
    private static final Set<String> NEVER_EMPTY =
            Set.of(TopicAttributes.SIGNATURE_VERSION, TopicAttributes.POLICY);

    private final Store store;
    private final InstantSource clock;

    SetTopicAttributes(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Unit handle(Caller caller, SetTopicAttributesInput request) {
        Arn arn = Topics.parse(caller, "TopicArn", request.topicArn());
        String name = request.attributeName();
        String value = request.attributeValue() == null ? "" : request.attributeValue();
        store.<@Nullable Void>write(tx -> {
            Topic topic = Topics.require(tx, caller, "SetTopicAttributes", arn);
            if (!TopicAttributes.isSettable(name)) {
                throw SnsErrors.invalidParameter("AttributeName");
            }
            Map<String, String> attributes = new LinkedHashMap<>(topic.attributes());
            if (value.isEmpty() && !NEVER_EMPTY.contains(name)) {
                attributes.remove(name);
            } else {
                TopicAttributes.check(topic, name, value);
                attributes.put(name, TopicAttributes.normal(name, value));
            }
            Topic changed = topic.withAttributes(attributes);
            if (name.equals(TopicAttributes.ARCHIVE_POLICY)) {
                attributes.remove(name, ""); // `{}` ends the archive
                Archive.follow(tx, changed, clock.millis());
            }
            Topics.put(tx, changed);
            return null;
        });
        return Unit.UNIT;
    }
}
