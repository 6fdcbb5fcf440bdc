package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.entry;
import static io.millrace.service.events.EventsFixture.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Unreadable;
import io.millrace.api.events.DeleteEventBusRequest;
import io.millrace.api.events.DeleteRuleRequest;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.PutEventsResponse;
import io.millrace.api.events.PutEventsResultEntry;
import io.millrace.api.events.RemoveTargetsRequest;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/// Events that match more than one transaction carries.
final class EventsFanOutTest {

    private static final int RULES = 60;
    private static final String ALL = "{\"source\":[\"shop\"]}";
    private static final String LARGE = "{\"a\":\"" + "x".repeat(900_000) + "\"}";
    private static final String BUS_B = "arn:aws:events:us-east-1:000000000000:event-bus/b";

    private final EventsFixture events = new EventsFixture();

    @Test
    void theRestFollowsInPagesEachTargetOnceAlsoAfterARestart() {
        rules("default");

        PutEventsResultEntry result = events.put(entry("shop", LARGE));
        int first = events.deliveries().size();
        events.restart();
        int pages = 0;
        while (events.fanOut()) {
            pages++;
        }

        assertThat(result.errorCode()).isNull();
        assertThat(first).isEqualTo(37); // of 900 KB each in 32 MiB
        assertThat(pages).isGreaterThan(1);
        assertThat(targets()).containsExactlyElementsOf(queues());
        assertThat(new HashSet<>(events.bodies()))
                .singleElement()
                .matches(body -> body.contains(String.valueOf(result.eventId())));
    }

    @Test
    void theOtherEventsOfARequestAreServedToo() {
        rules("default");
        events.rule("small", "{\"source\":[\"small\"]}");
        events.target("small", queue().arn(EventsFixture.QUEUE + "-small").build());

        PutEventsResponse response =
                events.putAll(entry("shop", LARGE).build(), entry("small", "{}").build());
        while (events.fanOut()) {
            // until all is served
        }

        assertThat(response.failedEntryCount()).isZero();
        assertThat(targets()).hasSize(RULES + 1).contains(EventsFixture.QUEUE + "-small");
    }

    @Test
    void aWideBusBehindAnotherIsServedInPagesAsWell() {
        events.bus("b");
        rules("b");
        events.rule("all", ALL);
        events.target("all", EventsFixture.busTarget(BUS_B));

        events.put(entry("shop", LARGE));
        assertThat(events.deliveries()).hasSizeLessThan(RULES);
        while (events.fanOut()) {
            // until all is served
        }

        assertThat(targets()).containsExactlyElementsOf(queues());
    }

    @Test
    void rulesThatAreGoneWhenTheirPageComesGetNothing() {
        rules("default");
        events.put(entry("shop", LARGE));

        events.call(
                EventsApi.REMOVE_TARGETS,
                RemoveTargetsRequest.builder().rule("r59").ids(List.of("t")).build());
        events.call(EventsApi.DELETE_RULE, DeleteRuleRequest.builder().name("r59").build());
        while (events.fanOut()) {
            // until all is served
        }

        assertThat(targets()).hasSize(RULES - 1);
    }

    @Test
    void aBusThatIsGoneEndsIt() {
        events.bus("b");
        rules("b");
        events.put(entry("shop", LARGE).eventBusName("b"));
        for (int i = 0; i < RULES; i++) {
            events.call(
                    EventsApi.REMOVE_TARGETS,
                    RemoveTargetsRequest.builder()
                            .rule(rule(i))
                            .eventBusName("b")
                            .ids(List.of("t"))
                            .build());
            events.call(
                    EventsApi.DELETE_RULE,
                    DeleteRuleRequest.builder().name(rule(i)).eventBusName("b").build());
        }
        events.call(EventsApi.DELETE_EVENT_BUS, DeleteEventBusRequest.builder().name("b").build());
        int before = events.deliveries().size();

        assertThat(events.fanOut()).isTrue();
        assertThat(events.fanOut()).isFalse();

        assertThat(events.deliveries()).hasSize(before);
    }

    @Test
    void wantOfMemoryForTheEventOfOneBusDoesNotHoldUpTheOthers() {
        for (String bus : List.of("a", "b")) {
            events.bus(bus);
            rules(bus);
            events.put(entry("shop", LARGE).eventBusName(bus));
        }
        int before = events.deliveries().size();
        events.queues.broken.add(EventsFixture.QUEUE + 40); // in the second page
        events.call(
                EventsApi.REMOVE_TARGETS,
                RemoveTargetsRequest.builder()
                        .rule(rule(40))
                        .eventBusName("b")
                        .ids(List.of("t"))
                        .build());

        assertThatThrownBy(events::fanOut).isInstanceOf(InternalError.class);

        assertThat(events.deliveries()).hasSizeGreaterThan(before);
    }

    @Test
    void whatCannotBeReadDoesNotHoldUpWhatComesBehindItAndStaysThere() {
        rules("default");
        events.put(entry("shop", LARGE));
        events.put(entry("shop", LARGE));
        byte[] key = Unreadable.first(events.store, EventsKeys.fanOuts());

        int pages = 0;
        while (events.fanOut()) {
            pages++;
        }

        assertThat(pages).isGreaterThan(1); // the first one found what is damaged
        assertThat(targets()).filteredOn(target -> target.endsWith("59")).hasSize(1);
        assertThat(Unreadable.setAside(events.store)).containsExactly(key);
    }

    private void rules(String bus) {
        for (int i = 0; i < RULES; i++) {
            events.rule(bus, rule(i), ALL);
            events.target(bus, rule(i), queue().arn(EventsFixture.QUEUE + i).build());
        }
    }

    private static String rule(int number) {
        return "r%02d".formatted(number);
    }

    private List<String> targets() {
        return events.deliveries().stream().map(RecordingTarget.Delivery::target).toList();
    }

    private static List<String> queues() {
        return IntStream.range(0, RULES).mapToObj(i -> EventsFixture.QUEUE + i).toList();
    }
}
