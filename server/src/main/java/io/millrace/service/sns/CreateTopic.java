package io.millrace.service.sns;

import io.millrace.api.sns.CreateTopicInput;
import io.millrace.api.sns.CreateTopicResponse;
import io.millrace.api.sns.Tag;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// `CreateTopic`: makes a topic, or finds it when it is there and does not differ.
///
/// Source: [API reference](https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html).
final class CreateTopic implements Operation<CreateTopicInput, CreateTopicResponse> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final String FIFO_SUFFIX = ".fifo";
    private static final int NAME_CHARACTERS_MAX = 256;
    private static final String RESERVED_TAGS = "aws:";

    private final Store store;
    private final InstantSource clock;
    private final Ids ids;

    CreateTopic(Store store, InstantSource clock, Ids ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public CreateTopicResponse handle(Caller caller, CreateTopicInput request) {
        Map<String, String> requested =
                request.attributes() == null ? Map.of() : request.attributes();
        Arn arn = Arn.of("sns", caller.region(), caller.accountId(), request.name());
        Map<String, String> settings = TopicAttributes.ofNewTopic(arn, requested);
        boolean isFifo = settings.containsKey(TopicAttributes.FIFO_TOPIC);
        Map<String, String> attributes =
                DataProtectionPolicies.with(settings, isFifo, request.dataProtectionPolicy());
        checkName(request.name(), isFifo);
        Map<String, String> tags = tags(request.tags());
        Topic created =
                new Topic(
                        caller.accountId(),
                        caller.region(),
                        request.name(),
                        ids.number(),
                        clock.millis(),
                        attributes,
                        tags);
        store.<@Nullable Void>write(tx -> {
            Topic existing = Topics.find(tx, arn);
            if (existing == null) {
                Topics.put(tx, created);
                Archive.follow(tx, created, created.createdMillis());
            } else {
                checkSame(existing, requested, tags);
            }
            return null;
        });
        return CreateTopicResponse.builder().topicArn(arn.toString()).build();
    }

    /// The tags of a request, checked.
    static Map<String, String> tags(@Nullable List<Tag> requested) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Tag tag : requested == null ? List.<Tag>of() : requested) {
            if (tag.key().toLowerCase(Locale.ROOT).startsWith(RESERVED_TAGS)) {
                throw SnsErrors.invalidParameter(
                        "Tags", "aws: prefixed tag key names are not allowed for external use.");
            }
            if (tags.put(tag.key(), tag.value()) != null) {
                throw SnsErrors.invalidParameter("Duplicated keys are not allowed.");
            }
        }
        if (tags.size() > SnsLimits.TAGS) {
            throw SnsErrors.tooManyTags();
        }
        return tags;
    }

    private static void checkName(String name, boolean isFifo) {
        if (isFifo) {
            if (!name.endsWith(FIFO_SUFFIX)
                    || name.length() > NAME_CHARACTERS_MAX
                    || !isName(name.substring(0, name.length() - FIFO_SUFFIX.length()))) {
                throw SnsErrors.invalid(
                        "Invalid parameter: Fifo Topic names must end with .fifo and must be made"
                                + " up of only uppercase and lowercase ASCII letters, numbers,"
                                + " underscores, and hyphens, and must be between 1 and 256"
                                + " characters long.");
            }
        } else if (!isName(name)) {
            throw SnsErrors.invalidParameter("Topic Name");
        }
    }

    private static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private static void checkSame(
            Topic existing, Map<String, String> attributes, Map<String, String> tags) {
        attributes.forEach((name, value) -> {
            String had = existing.attributes().get(name);
            String wanted = TopicAttributes.normal(name, value);
            if (!(had == null ? isDefault(existing, name, wanted) : had.equals(wanted))) {
                throw SnsErrors.invalidParameter(
                        "Attributes", "Topic already exists with different attributes");
            }
        });
        tags.forEach((key, value) -> {
            if (!value.equals(existing.tags().get(key))) {
                throw SnsErrors.invalidParameter(
                        "Tags", "Topic already exists with different tags");
            }
        });
    }

    private static boolean isDefault(Topic topic, String name, String value) {
        return switch (name) {
            case TopicAttributes.FIFO_TOPIC, TopicAttributes.CONTENT_BASED_DEDUPLICATION ->
                    value.equals("false");
            case TopicAttributes.SIGNATURE_VERSION -> value.equals("1");
            case TopicAttributes.TRACING_CONFIG -> value.equals("PassThrough");
            case TopicAttributes.POLICY -> value.equals(topic.policy());
            default -> value.isEmpty();
        };
    }
}
