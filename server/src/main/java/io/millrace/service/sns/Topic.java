package io.millrace.service.sns;

import io.millrace.pattern.Arn;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// A topic, as it is stored.
///
/// @param number the internal number, with which the keys of its data begin
/// @param attributes what was set, without defaults
record Topic(
        String accountId,
        String region,
        String name,
        long number,
        long createdMillis,
        Map<String, String> attributes,
        Map<String, String> tags) {

    static final ResourceCodec<Topic> CODEC = new ResourceCodec<>(Topic.class);

    Arn arn() {
        return Arn.of("sns", region, accountId, name);
    }

    boolean isFifo() {
        return is(TopicAttributes.FIFO_TOPIC);
    }

    boolean is(String attribute) {
        return "true".equals(attributes.get(attribute));
    }

    boolean hasPolicy() {
        return attributes.containsKey(TopicAttributes.POLICY);
    }

    /// In normal form; a new topic's when none was set.
    String policy() {
        String policy = attributes.get(TopicAttributes.POLICY);
        return policy == null ? TopicPolicy.ofNewTopic(arn()) : policy;
    }

    String signatureVersion() {
        return attributes.getOrDefault(TopicAttributes.SIGNATURE_VERSION, "1");
    }

    Topic withAttributes(Map<String, String> changed) {
        return new Topic(accountId, region, name, number, createdMillis, changed, tags);
    }

    /// @param value null for the default
    Topic with(String attribute, @Nullable String value) {
        Map<String, String> changed = new LinkedHashMap<>(attributes);
        if (value == null) {
            changed.remove(attribute);
        } else {
            changed.put(attribute, value);
        }
        return withAttributes(changed);
    }

    Topic withTags(Map<String, String> changed) {
        return new Topic(accountId, region, name, number, createdMillis, attributes, changed);
    }
}
