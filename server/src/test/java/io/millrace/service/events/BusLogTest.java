package io.millrace.service.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.events.CreateArchiveRequest;
import io.millrace.api.events.CreateEventBusRequest;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.LogConfig;
import io.millrace.api.events.PutEventsRequestEntry;
import io.millrace.api.events.PutRuleRequest;
import io.millrace.api.events.UpdateEventBusRequest;
import io.millrace.api.logs.FilterLogEventsRequest;
import io.millrace.api.logs.FilteredLogEvent;
import io.millrace.api.logs.LogsApi;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

final class BusLogTest {
    private static final String PATTERN = "{\"source\":[\"shop\"]}";

    private final EventsFixture events = new EventsFixture();

    @Test
    void aBusLogsNothingUnlessItIsTold() {
        bus("OFF", null);
        events.put(entry("shop"));

        assertThatThrownBy(this::lines).isInstanceOf(ServiceException.class);
    }

    @Test
    void tellsWhatComesInWhatItMatchesAndHowItEnds() {
        bus("INFO", null);
        events.rule("orders", "r", PATTERN);
        events.target("orders", "r", EventsFixture.queue().build());

        String id = events.put(entry("shop")).eventId();
        events.put(entry("other"));

        List<JsonNode> lines = lines();
        assertThat(lines)
                .extracting(line -> line.path("message_type").asString())
                .containsExactly(
                        "EVENT_INGEST_SUCCESS",
                        "RULE_MATCH",
                        "INVOCATION_SUCCESS",
                        "EVENT_INGEST_SUCCESS",
                        "NO_STANDARD_RULES_MATCHED");
        JsonNode ingested = lines.getFirst();
        assertThat(ingested.path("resource_arn").asString())
                .isEqualTo("arn:aws:events:us-east-1:000000000000:event-bus/orders");
        assertThat(ingested.path("event_id").asString()).isEqualTo(id);
        assertThat(ingested.path("log_level").asString()).isEqualTo("INFO");
        assertThat(ingested.path("details").path("source").asString()).isEqualTo("shop");
        assertThat(ingested.path("details").has("event_detail")).isFalse();
        assertThat(lines.get(1).path("details").path("target_arns").get(0).asString())
                .isEqualTo(EventsFixture.QUEUE);
        assertThat(lines.get(2).path("details").path("rule_arn").asString())
                .endsWith("rule/orders/r");
    }

    @Test
    void tellsFailuresOnly() {
        bus("ERROR", null);
        events.rule("orders", "r", PATTERN);
        events.target(
                "orders",
                "r",
                EventsFixture.queue().build(),
                EventsFixture.queue()
                        .id("nothing")
                        .arn("arn:aws:states:us-east-1:000000000000:stateMachine:x")
                        .roleArn("arn:aws:iam::000000000000:role/r")
                        .build());

        events.put(entry("shop"));

        JsonNode line = lines().getFirst();
        assertThat(lines()).hasSize(1);
        assertThat(line.path("message_type").asString()).isEqualTo("INVOCATION_FAILURE");
        assertThat(line.path("log_level").asString()).isEqualTo("ERROR");
        assertThat(line.path("error").path("aws_service").asString()).isEqualTo("states");
        assertThat(line.path("error").path("error_message").asString()).isNotEmpty();
    }

    @Test
    void tellsEveryStepAndTheEventsDetail() {
        bus("INFO", null);
        events.call(
                EventsApi.UPDATE_EVENT_BUS,
                UpdateEventBusRequest.builder()
                        .name("orders")
                        .logConfig(new LogConfig("FULL", "TRACE"))
                        .build());

        events.put(entry("shop"));

        assertThat(lines())
                .extracting(line -> line.path("message_type").asString())
                .containsExactly(
                        "EVENT_RECEIPT",
                        "EVENT_INGEST_SUCCESS",
                        "RULE_MATCH_START",
                        "NO_STANDARD_RULES_MATCHED");
        assertThat(lines().getFirst().path("details").path("event_detail").asString())
                .isEqualTo("{\"price\":5}");
    }

    @Test
    void aScheduledEventMatchesTheRuleOfItsSchedule() {
        events.call(
                EventsApi.UPDATE_EVENT_BUS,
                UpdateEventBusRequest.builder().logConfig(new LogConfig(null, "INFO")).build());
        events.call(
                EventsApi.PUT_RULE,
                PutRuleRequest.builder().name("tick").scheduleExpression("rate(1 hour)").build());
        events.target("tick", EventsFixture.queue().build());

        events.now = events.now.plus(Duration.ofHours(1));
        assertThat(events.fireDue()).isEqualTo(1);

        assertThat(lines("default"))
                .extracting(line -> line.path("message_type").asString())
                .containsExactly("EVENT_INGEST_SUCCESS", "RULE_MATCH", "INVOCATION_SUCCESS");
    }

    @Test
    void aRuleThatAServiceManagesIsNoneOfTheBus() {
        bus("INFO", null);
        events.call(
                EventsApi.CREATE_ARCHIVE,
                CreateArchiveRequest.builder()
                        .archiveName("all")
                        .eventSourceArn("arn:aws:events:us-east-1:000000000000:event-bus/orders")
                        .build());

        events.put(entry("shop"));

        assertThat(lines())
                .extracting(line -> line.path("message_type").asString())
                .containsExactly("EVENT_INGEST_SUCCESS", "NO_STANDARD_RULES_MATCHED");
    }

    @Test
    void anEventOfAServiceThatMatchesNothingIsNotLogged() {
        events.call(
                EventsApi.UPDATE_EVENT_BUS,
                UpdateEventBusRequest.builder().logConfig(new LogConfig(null, "TRACE")).build());
        events.rule("schemas", "{\"source\":[\"aws.schemas\"]}");

        events.putOfService("aws.sqs");
        events.putOfService("aws.schemas");

        assertThat(lines("default"))
                .extracting(line -> line.path("details").path("source").asString("none"))
                .containsExactly("aws.schemas", "aws.schemas", "aws.schemas", "none");
    }

    @Test
    void anEventOfAServiceThatOnlyAnArchiveTakesIsNotLogged() {
        events.call(
                EventsApi.UPDATE_EVENT_BUS,
                UpdateEventBusRequest.builder().logConfig(new LogConfig(null, "TRACE")).build());
        events.call(
                EventsApi.CREATE_ARCHIVE,
                CreateArchiveRequest.builder()
                        .archiveName("all")
                        .eventSourceArn("arn:aws:events:us-east-1:000000000000:event-bus/default")
                        .build());

        events.putOfService("aws.sqs");

        assertThatThrownBy(() -> lines("default")).isInstanceOf(ServiceException.class);
    }

    private void bus(String level, @Nullable String detail) {
        events.call(
                EventsApi.CREATE_EVENT_BUS,
                CreateEventBusRequest.builder()
                        .name("orders")
                        .logConfig(new LogConfig(detail, level))
                        .build());
    }

    private static PutEventsRequestEntry.Builder entry(String source) {
        return EventsFixture.entry(source, "{\"price\":5}").eventBusName("orders");
    }

    private List<JsonNode> lines() {
        return lines("orders");
    }

    private List<JsonNode> lines(String bus) {
        var filter =
                Objects.requireNonNull(events.logs.service().operation(LogsApi.FILTER_LOG_EVENTS));
        return Objects.requireNonNull(
                        filter.handle(
                                        events.caller,
                                        FilterLogEventsRequest.builder()
                                                .logGroupName(
                                                        "/aws/vendedlogs/events/event-bus/" + bus)
                                                .logStreamNames(List.of("EventBridgeEventBusLogs"))
                                                .build())
                                .events())
                .stream()
                .map(FilteredLogEvent::message)
                .map(JsonMapper.shared()::readTree)
                .toList();
    }
}
