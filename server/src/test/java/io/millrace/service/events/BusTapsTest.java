package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.entry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BusTapsTest {

    private static final String BUS = "arn:aws:events:us-east-1:000000000000:event-bus/";

    private final EventsFixture events = new EventsFixture();

    @Test
    void seeEachEventOfTheirBusWhetherARuleMatchesOrNot() {
        events.put(entry("shop", "{\"a\":1}"));

        assertThat(events.tapped)
                .singleElement()
                .matches(seen -> seen.startsWith(BUS + "default {\"version\":\"0\""))
                .matches(seen -> seen.endsWith("\"detail\":{\"a\":1}}"));
    }

    @Test
    void seeNothingOnABusThatIsNotThere() {
        events.put(entry("shop", "{}").eventBusName("no"));

        assertThat(events.tapped).isEmpty();
    }

    @Test
    void seeTheEventAgainOnTheBusThatARuleSendsItTo() {
        events.bus("orders");
        events.rule("r", "{\"source\":[\"shop\"]}");
        events.target("r", EventsFixture.busTarget(BUS + "orders"));

        events.put(entry("shop", "{}"));

        assertThat(events.tapped).hasSize(2);
        assertThat(events.tapped.getLast()).startsWith(BUS + "orders {");
    }
}
