package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.CreateEventBusRequest;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.ListTagsForResourceRequest;
import io.millrace.api.events.PutRuleRequest;
import io.millrace.api.events.Tag;
import io.millrace.api.events.TagResourceRequest;
import io.millrace.api.events.UntagResourceRequest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

final class EventsTagsTest {

    private static final String PREFIX = "arn:aws:events:us-east-1:000000000000:";

    private final EventsFixture events = new EventsFixture();

    EventsTagsTest() {
        events.bus("orders");
        events.rule("r", "{\"a\":[1]}");
        events.rule("orders", "r", "{\"a\":[1]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"event-bus/default", "event-bus/orders", "rule/r", "rule/orders/r"})
    void tagsAndUntags(String resource) {
        tag(PREFIX + resource, new Tag("b", "1"), new Tag("a", ""));
        tag(PREFIX + resource, new Tag("b", "2"));

        assertThat(tags(PREFIX + resource)).containsExactly(new Tag("a", ""), new Tag("b", "2"));

        untag(PREFIX + resource, "a", "none");
        assertThat(tags(PREFIX + resource)).containsExactly(new Tag("b", "2"));
    }

    @Test
    void tagsComeWithBusesAndWithNewRules() {
        List<Tag> tags = List.of(new Tag("k", "v"));
        events.call(
                EventsApi.CREATE_EVENT_BUS,
                CreateEventBusRequest.builder().name("tagged").tags(tags).build());
        PutRuleRequest.Builder rule =
                PutRuleRequest.builder().name("tagged").eventPattern("{\"a\":[1]}");
        events.call(EventsApi.PUT_RULE, rule.tags(tags).build());
        events.call(EventsApi.PUT_RULE, rule.tags(List.of(new Tag("k", "w"))).build());

        assertThat(tags(PREFIX + "event-bus/tagged")).isEqualTo(tags);
        assertThat(tags(PREFIX + "rule/tagged")).isEqualTo(tags);
    }

    @Test
    void refusesWhatIsNotThere() {
        assertRefused(
                () -> tags(PREFIX + "rule/no"),
                "ResourceNotFoundException",
                "Rule no does not exist on EventBus default.");
        assertRefused(
                () -> tag(PREFIX + "event-bus/no", new Tag("a", "b")),
                "ResourceNotFoundException",
                "Event bus no does not exist.");
        assertRefused(
                () -> untag(PREFIX + "rule/orders/no", "a"),
                "ResourceNotFoundException",
                "Rule no does not exist on EventBus orders.");
        assertRefused(
                () -> tags("arn:aws:sqs:us-east-1:000000000000:q"),
                "ValidationException",
                "Parameter arn:aws:sqs:us-east-1:000000000000:q is not valid. Reason: Provided Arn is"
                        + " not in correct format.");
    }

    @Test
    void refusesTooManyTagsAndReservedKeys() {
        List<Tag> many = new ArrayList<>();
        for (int i = 0; i < 51; i++) {
            many.add(new Tag("k" + i, "v"));
        }

        assertRefused(
                () -> tag(PREFIX + "rule/r", many.toArray(Tag[]::new)),
                "LimitExceededException",
                "The requested resource exceeds the maximum number allowed.");
        assertRefused(
                () -> tag(PREFIX + "rule/r", new Tag("AWS:x", "v")),
                "ValidationException",
                "Tag keys must not begin with aws:.");
        assertThat(tags(PREFIX + "rule/r")).isEmpty();
    }

    private void tag(String arn, Tag... tags) {
        events.call(EventsApi.TAG_RESOURCE, new TagResourceRequest(arn, List.of(tags)));
    }

    private void untag(String arn, String... keys) {
        events.call(EventsApi.UNTAG_RESOURCE, new UntagResourceRequest(arn, List.of(keys)));
    }

    private List<Tag> tags(String arn) {
        List<Tag> tags =
                events.call(EventsApi.LIST_TAGS_FOR_RESOURCE, new ListTagsForResourceRequest(arn))
                        .tags();
        return tags == null ? List.of() : tags;
    }
}
