package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.DEAD;
import static io.millrace.service.events.EventsFixture.QUEUE;
import static io.millrace.service.events.EventsFixture.entry;
import static io.millrace.service.events.EventsFixture.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.CreateEventBusRequest;
import io.millrace.api.events.DeadLetterConfig;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.PutEventsResultEntry;
import io.millrace.api.events.PutRuleRequest;
import io.millrace.api.events.PutTargetsRequest;
import io.millrace.api.events.Target;
import io.millrace.delivery.FailedJob;
import io.millrace.delivery.OutboxSteps;
import io.millrace.wire.Caller;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class BusHopsTest {

    private static final String SHOP = "{\"source\":[\"shop\"]}";

    private final EventsFixture events = new EventsFixture();

    @Test
    void sendsAnEventToAnotherBusAndNoFurther() {
        for (String bus : List.of("a", "b", "c")) {
            events.bus(bus);
            events.rule(bus, "all", SHOP);
        }
        Target queue = queue().inputPath("$.id").build();
        events.target("a", "all", busTarget("b"));
        events.target("b", "all", busTarget("c"), queue, busTarget("a"));
        events.target("c", "all", queue);

        PutEventsResultEntry result = events.put(entry("shop", "{}").eventBusName("a"));

        assertThat(events.bodies()).containsExactly("\"" + result.eventId() + "\"");
        assertThat(events.hops)
                .filteredOn(hop -> hop.result() instanceof EventTrace.Result.Dropped)
                .hasSize(2);
        assertThat(events.outbox.failed(10)).isEmpty();
    }

    @Test
    void aSecondWayWithinTheRegionIsDeadLettered() {
        events.bus("a");
        events.bus("b");
        events.rule("a", "all", SHOP);
        events.rule("b", "all", SHOP);
        events.target("a", "all", busTarget("b"));
        events.target(
                "b",
                "all",
                busTarget("a").toBuilder().deadLetterConfig(new DeadLetterConfig(DEAD)).build());

        String id = events.put(entry("shop", "{}").eventBusName("a")).eventId();

        RecordingTarget.Delivery dead = events.deliveries().getFirst();
        assertThat(dead.target()).isEqualTo(DEAD);
        assertThat(dead.body()).contains(id);
        assertThat(dead.attributes())
                .isEqualTo(
                        Map.of(
                                "RULE_ARN",
                                "arn:aws:events:us-east-1:000000000000:rule/b/all",
                                "TARGET_ARN",
                                "arn:aws:events:us-east-1:000000000000:event-bus/a",
                                "ERROR_CODE",
                                "THIRD_ACCOUNT_HOP_DETECTED",
                                "ERROR_MESSAGE",
                                "Event ingestion rejected for event "
                                        + id
                                        + " because an event can be sent to an event bus target"
                                        + " only once. This event was previously delivered to an"
                                        + " event bus target."));
    }

    @Test
    void oneWayWithinARegionAndOneToAnotherAreAllowed() {
        Caller west = EventsFixture.caller(EventsFixture.ACCOUNT, "us-west-2");
        String westBus = "arn:aws:events:us-west-2:000000000000:event-bus/";
        for (String bus : List.of("a", "b")) {
            events.bus(bus);
            events.rule(bus, "all", SHOP);
        }
        for (String bus : List.of("c", "d")) {
            events.call(
                    west,
                    EventsApi.CREATE_EVENT_BUS,
                    CreateEventBusRequest.builder().name(bus).build());
            events.call(
                    west,
                    EventsApi.PUT_RULE,
                    PutRuleRequest.builder()
                            .name("all")
                            .eventBusName(bus)
                            .eventPattern(SHOP)
                            .build());
        }
        events.target("a", "all", busTarget("b"));
        events.target("b", "all", EventsFixture.busTarget(westBus + "c"));
        events.call(
                west,
                EventsApi.PUT_TARGETS,
                PutTargetsRequest.builder()
                        .rule("all")
                        .eventBusName("c")
                        .targets(
                                List.of(
                                        EventsFixture.busTarget(westBus + "d"),
                                        busTarget("b").toBuilder()
                                                .deadLetterConfig(new DeadLetterConfig(DEAD))
                                                .build(),
                                        queue().build()))
                        .build());

        events.put(entry("shop", "{}").eventBusName("a"));

        assertThat(events.deliveries())
                .extracting(RecordingTarget.Delivery::target)
                .containsExactlyInAnyOrder(DEAD, QUEUE);
        assertThat(events.deliveries())
                .filteredOn(d -> d.target().equals(DEAD))
                .singleElement()
                .extracting(RecordingTarget.Delivery::attributes)
                .matches(d -> "THIRD_REGION_HOP_DETECTED".equals(d.get("ERROR_CODE")));
        assertThat(events.hops)
                .filteredOn(hop -> hop.result() instanceof EventTrace.Result.Dropped)
                .singleElement()
                .matches(hop -> hop.targetArn().equals(westBus + "d"));
    }

    @Test
    void aBusTargetThatDoesNotExistIsDeadLettered() {
        events.rule("r", SHOP);
        events.target(
                "default",
                "r",
                busTarget("gone").toBuilder().deadLetterConfig(new DeadLetterConfig(DEAD)).build());

        events.put(entry("shop", "{}"));

        assertThat(events.deliveries()).singleElement().matches(d -> d.target().equals(DEAD));
    }

    @Test
    void whatABusRefusedCanBeSentAgain() {
        events.rule("r", SHOP);
        events.target("default", "r", busTarget("late"));
        String id = events.put(entry("shop", "{}")).eventId();
        events.bus("late");
        events.rule("late", "all", SHOP);
        events.target("late", "all", queue().inputPath("$.id").build());

        FailedJob failed = events.outbox.failed(10).getFirst();
        assertThat(failed.failure().errorCode()).isEqualTo("NO_RESOURCE");
        events.outbox.redrive(failed.id());
        OutboxSteps.attemptDue(events.outbox);

        assertThat(events.bodies()).containsExactly("\"" + id + "\"");
        assertThat(events.outbox.failed(10)).isEmpty();
    }

    @Test
    void aWayTooManyIsNotKeptToBeSentAgain() {
        for (String bus : List.of("a", "b")) {
            events.bus(bus);
            events.rule(bus, "all", SHOP);
        }
        events.target("a", "all", busTarget("b"));
        events.target(
                "b",
                "all",
                busTarget("a").toBuilder().deadLetterConfig(new DeadLetterConfig(DEAD)).build());
        events.queues.refused.add(DEAD);

        events.put(entry("shop", "{}").eventBusName("a"));

        assertThat(events.outbox.failed(10)).isEmpty();
    }

    @Test
    void whatIsSentAgainGoesNoFurtherThanAtFirst() {
        Caller west = EventsFixture.caller(EventsFixture.ACCOUNT, "us-west-2");
        String westBus = "arn:aws:events:us-west-2:000000000000:event-bus/";
        events.call(
                west,
                EventsApi.CREATE_EVENT_BUS,
                CreateEventBusRequest.builder().name("w").build());
        events.call(
                west,
                EventsApi.PUT_RULE,
                PutRuleRequest.builder().name("all").eventBusName("w").eventPattern(SHOP).build());
        events.call(
                west,
                EventsApi.PUT_TARGETS,
                PutTargetsRequest.builder()
                        .rule("all")
                        .eventBusName("w")
                        .targets(List.of(EventsFixture.busTarget(westBus + "late")))
                        .build());
        events.rule("r", SHOP);
        events.target("default", "r", EventsFixture.busTarget(westBus + "w"));
        events.put(entry("shop", "{}"));
        events.bus("home");
        events.rule("home", "all", SHOP);
        events.target("home", "all", queue().build());
        events.call(
                west,
                EventsApi.CREATE_EVENT_BUS,
                CreateEventBusRequest.builder().name("late").build());
        events.call(
                west,
                EventsApi.PUT_RULE,
                PutRuleRequest.builder()
                        .name("all")
                        .eventBusName("late")
                        .eventPattern(SHOP)
                        .build());
        events.call(
                west,
                EventsApi.PUT_TARGETS,
                PutTargetsRequest.builder()
                        .rule("all")
                        .eventBusName("late")
                        .targets(List.of(busTarget("home")))
                        .build());

        events.outbox.redrive(events.outbox.failed(10).getFirst().id());
        OutboxSteps.attemptDue(events.outbox);

        assertThat(events.outbox.failed(10)).isEmpty();
        assertThat(events.bodies()).isEmpty();
        assertThat(events.hops)
                .extracting(EventTrace.Hop::result)
                .filteredOn(EventTrace.Result.Dropped.class::isInstance)
                .singleElement()
                .asString()
                .contains("THIRD_REGION_HOP_DETECTED");
    }

    @Test
    void whetherAnotherAccountHasABusIsNotTold() {
        events.rule("r", SHOP);
        events.target(
                "default",
                "r",
                EventsFixture.busTarget("arn:aws:events:us-east-1:111111111111:event-bus/gone")
                        .toBuilder()
                        .deadLetterConfig(new DeadLetterConfig(DEAD))
                        .build());

        events.put(entry("shop", "{}"));

        assertThat(events.deliveries().getFirst().attributes())
                .containsEntry("ERROR_CODE", "NO_PERMISSIONS");
    }

    private static Target busTarget(String bus) {
        return EventsFixture.busTarget("arn:aws:events:us-east-1:000000000000:event-bus/" + bus);
    }
}
