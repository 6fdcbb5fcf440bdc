package io.millrace.service.sns;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.sns.CreateTopicInput;
import io.millrace.api.sns.ListTagsForResourceRequest;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sns.Tag;
import io.millrace.api.sns.TagResourceRequest;
import io.millrace.api.sns.UntagResourceRequest;
import io.millrace.wire.ServiceException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class TopicTagsTest {
    private final SnsFixture fixture = new SnsFixture();
    private final String topic = fixture.topic("orders");

    @Test
    void tagsReplaceAndGo() {
        fixture.call(SnsApi.TAG_RESOURCE, request(tag("team", "a"), tag("stage", "test")));
        fixture.call(SnsApi.TAG_RESOURCE, request(tag("team", "b")));
        assertThat(tags()).containsExactly(tag("team", "b"), tag("stage", "test"));

        fixture.call(
                SnsApi.UNTAG_RESOURCE,
                UntagResourceRequest.builder()
                        .resourceArn(topic)
                        .tagKeys(List.of("team", "unknown"))
                        .build());

        assertThat(tags()).containsExactly(tag("stage", "test"));
    }

    @Test
    void refusesMoreThanFiftyAndWritesNothing() {
        Tag[] tags = new Tag[51];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = tag("key-" + i, "x");
        }

        ServiceException refusal = fixture.refusal(SnsApi.TAG_RESOURCE, request(tags));

        assertThat(refusal.error().code()).isEqualTo("TagLimitExceeded");
        assertThat(tags()).isEmpty();
    }

    @Test
    void refusesTheSameKeyTwiceAndWritesNothing() {
        ServiceException refusal =
                fixture.refusal(
                        SnsApi.TAG_RESOURCE,
                        request(tag("team", "a"), tag("stage", "test"), tag("team", "b")));

        assertThat(refusal.error().code()).isEqualTo("InvalidParameter");
        assertThat(refusal.message())
                .isEqualTo("Invalid parameter: Duplicated keys are not allowed.");
        assertThat(tags()).isEmpty();
    }

    @Test
    void refusesReservedKeysAlsoOfNewTopics() {
        String message =
                "Invalid parameter: Tags Reason: aws: prefixed tag key names are not allowed for"
                        + " external use.";

        assertThat(fixture.refusal(SnsApi.TAG_RESOURCE, request(tag("AWS:team", "a"))).message())
                .isEqualTo(message);
        assertThat(
                        fixture.refusal(
                                        SnsApi.CREATE_TOPIC,
                                        CreateTopicInput.builder()
                                                .name("tagged")
                                                .tags(List.of(tag("aws:team", "a")))
                                                .build())
                                .message())
                .isEqualTo(message);
    }

    @Test
    void refusesATopicThatIsNotThere() {
        ServiceException refusal =
                fixture.refusal(
                        SnsApi.LIST_TAGS_FOR_RESOURCE,
                        ListTagsForResourceRequest.builder().resourceArn(topic + "-not").build());

        assertThat(refusal.error().code()).isEqualTo("ResourceNotFound");
        assertThat(refusal.message()).isEqualTo("Resource does not exist");
        assertThat(refusal.error().httpStatus()).isEqualTo(404);
    }

    private List<Tag> tags() {
        List<Tag> tags =
                fixture.call(
                                SnsApi.LIST_TAGS_FOR_RESOURCE,
                                ListTagsForResourceRequest.builder().resourceArn(topic).build())
                        .tags();
        return tags == null ? new ArrayList<>() : tags;
    }

    private TagResourceRequest request(Tag... tags) {
        return TagResourceRequest.builder().resourceArn(topic).tags(List.of(tags)).build();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
