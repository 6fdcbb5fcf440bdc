package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.assertRefused;
import static io.millrace.service.events.EventsFixture.entry;
import static io.millrace.service.events.EventsFixture.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.CreateEventBusRequest;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.SqsParameters;
import io.millrace.api.events.Tag;
import io.millrace.api.events.TagResourceRequest;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

/// Buses that keep the order of events with the same key.
final class OrderedBusTest {

    private static final String FIFO = EventsFixture.QUEUE + ".fifo";
    private static final String ALL = "{\"source\":[\"shop\"]}";
    private static final String LARGE = "x".repeat(900_000);
    private static final int RULES = 40;

    private final EventsFixture events = new EventsFixture();

    @Test
    void theKeyIsTheMessageGroupOfFifoQueues() {
        orderedBus("$.detail.orderId");
        events.rule("orders", "r", ALL);
        events.target(
                "orders",
                "r",
                queue().id("key").arn(FIFO).build(),
                queue().id("own").arn(FIFO).sqsParameters(new SqsParameters("own")).build(),
                queue().id("standard").build());

        events.put(entry("shop", "{\"orderId\":\"o-1\"}").eventBusName("orders"));
        events.put(entry("shop", "{\"orderId\":17}").eventBusName("orders"));
        events.put(entry("shop", "{\"orderId\":\"\u00e4 \"}").eventBusName("orders"));

        assertThat(groups("key")).element(0).isEqualTo("o-1");
        assertThat(groups("key")).element(1).isEqualTo("17");
        assertThat(groups("key")).element(2).asString().matches("[0-9a-f]{64}");
        assertThat(groups("own")).containsExactly("own", "own", "own");
        assertThat(groups("standard")).containsExactly(null, null, null);
    }

    @Test
    void anEventWithoutTheKeyIsAGroupOfItsOwn() {
        orderedBus("$.detail.orderId");
        events.rule("orders", "r", ALL);
        events.target("orders", "r", queue().arn(FIFO).build());

        String id = events.put(entry("shop", "{}").eventBusName("orders")).eventId();

        assertThat(events.deliveries())
                .singleElement()
                .extracting(RecordingTarget.Delivery::groupId)
                .isEqualTo(id);
    }

    @Test
    void refusesATagThatIsNoPathAndFifoQueuesWithoutAGroupOnOtherBuses() {
        assertRefused(
                () -> orderedBus("orderId"),
                "ValidationException",
                "The tag millrace:order-by is not a JSON path: orderId.");
        events.bus("plain");
        events.rule("plain", "r", ALL);
        assertRefused(
                () -> events.target("plain", "r", queue().arn(FIFO).build()),
                "ValidationException",
                "Parameter(s) SqsParameters must be specified for target: t.");
        assertRefused(
                () -> tag("plain", "["),
                "ValidationException",
                "The tag millrace:order-by is not a JSON path: [.");
        tag("plain", "$.detail.a");
        events.target("plain", "r", queue().arn(FIFO).build());
    }

    @Test
    void laterEventsWaitForTheRestOfAWideOne() {
        orderedBus("$.detail.orderId");
        for (int i = 0; i < RULES; i++) {
            events.rule("orders", rule(i), ALL);
            events.target(
                    "orders",
                    rule(i),
                    queue().arn(EventsFixture.QUEUE + rule(i)).inputPath("$.detail.n").build());
        }
        String wide = "{\"orderId\":1,\"n\":1,\"a\":\"" + LARGE + "\"}";

        events.putAll(
                entry("shop", wide).eventBusName("orders").build(),
                entry("shop", "{\"orderId\":1,\"n\":2}").eventBusName("orders").build());
        events.put(entry("shop", "{\"orderId\":1,\"n\":3}").eventBusName("orders"));
        while (events.fanOut()) {
            // until all is served
        }

        for (int i = 0; i < RULES; i++) {
            assertThat(bodies(EventsFixture.QUEUE + rule(i))).containsExactly("1", "2", "3");
        }
    }

    private void orderedBus(String path) {
        events.call(
                EventsApi.CREATE_EVENT_BUS,
                CreateEventBusRequest.builder()
                        .name("orders")
                        .tags(List.of(new Tag("millrace:order-by", path)))
                        .build());
    }

    private void tag(String bus, String path) {
        events.call(
                EventsApi.TAG_RESOURCE,
                TagResourceRequest.builder()
                        .resourceARN("arn:aws:events:us-east-1:000000000000:event-bus/" + bus)
                        .tags(List.of(new Tag("millrace:order-by", path)))
                        .build());
    }

    private static String rule(int number) {
        return "r%02d".formatted(number);
    }

    private List<String> bodies(String queue) {
        return events.deliveries().stream()
                .filter(d -> d.target().equals(queue))
                .map(RecordingTarget.Delivery::body)
                .toList();
    }

    /// The message groups of every third delivery, which are those of one target.
    private List<@Nullable String> groups(String target) {
        int offset = List.of("key", "own", "standard").indexOf(target);
        List<RecordingTarget.Delivery> all = events.deliveries();
        return IntStream.range(0, all.size() / 3)
                .<@Nullable String>mapToObj(i -> all.get(3 * i + offset).groupId())
                .toList();
    }
}
