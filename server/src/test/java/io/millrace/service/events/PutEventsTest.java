package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.DEAD;
import static io.millrace.service.events.EventsFixture.QUEUE;
import static io.millrace.service.events.EventsFixture.assertRefused;
import static io.millrace.service.events.EventsFixture.entry;
import static io.millrace.service.events.EventsFixture.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.DeadLetterConfig;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.InputTransformer;
import io.millrace.api.events.PutEventsRequest;
import io.millrace.api.events.PutEventsResponse;
import io.millrace.api.events.PutEventsResultEntry;
import io.millrace.api.events.RetryPolicy;
import io.millrace.api.events.SqsParameters;
import io.millrace.api.events.Target;
import io.millrace.storage.CachedIndexes;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

final class PutEventsTest {

    private static final String SHOP = "{\"source\":[\"shop\"]}";
    private static final String TRACE = "Root=1-6ab2832c-0123456789abcdef01234567";

    private final EventsFixture events = new EventsFixture();

    @Test
    void deliversTheEnvelopeToTheTargetsOfRulesThatMatch() {
        events.rule("yes", SHOP);
        events.rule("no", "{\"source\":[\"other\"]}");
        events.target("yes", queue().build());
        events.target("no", queue().build());

        PutEventsResultEntry result =
                events.put(
                        entry("shop", " { \"b\" : [ 1.50 , \"x y\" ],\n\"a\":{} } ")
                                .resources(List.of("arn:aws:s3:::a\"b", "r2")));

        assertThat(result.errorCode()).isNull();
        assertThat(result.eventId()).matches("[0-9a-f-]{36}");
        assertThat(events.bodies())
                .containsExactly(
                        """
                        {"version":"0","id":"%s","detail-type":"Test","source":"shop",\
                        "account":"000000000000","time":"2026-03-04T05:06:07Z",\
                        "region":"us-east-1","resources":["arn:aws:s3:::a\\"b","r2"],\
                        "detail":{"b":[1.50,"x y"],"a":{}}}\
                        """
                                .formatted(result.eventId()));
        assertThat(events.deliveries().getFirst().target()).isEqualTo(QUEUE);
        assertThat(events.hops)
                .singleElement()
                .matches(hop -> hop.result() instanceof EventTrace.Result.Delivered)
                .matches(hop ->
                        hop.ruleArn().equals("arn:aws:events:us-east-1:000000000000:rule/yes"));
    }

    @Test
    void findsItsRulesAmongVeryManyAfterARestart() {
        for (int i = 0; i <= CachedIndexes.PAGE_ENTRIES; i++) {
            events.rule("r" + i, "{\"source\":[\"shop" + i + "\"]}");
        }
        events.target("r7", queue().build());
        events.restart();

        events.put(entry("shop7", "{}"));
        events.put(entry("shop8", "{}"));

        assertThat(events.bodies()).singleElement().asString().contains("shop7");
    }

    /// The header is of the request, the member of an entry, which has the last word.
    @Test
    void theTraceHeaderOfARequestIsThatOfItsEntries() {
        events.rule("r", SHOP);
        events.target("r", queue().build());

        events.call(
                events.caller.traced(TRACE + ";Sampled=1"),
                EventsApi.PUT_EVENTS,
                PutEventsRequest.builder()
                        .entries(
                                List.of(
                                        entry("shop", "{}").build(),
                                        entry("shop", "{}").traceHeader(TRACE).build(),
                                        entry("shop", "{}").traceHeader("none").build()))
                        .build());
        events.put(entry("shop", "{}"));

        assertThat(events.deliveries())
                .extracting(RecordingTarget.Delivery::traceHeader)
                .containsExactly(TRACE + ";Sampled=1", TRACE, null, null);
    }

    @Test
    void takesTheTimeThatIsGiven() {
        events.rule("r", SHOP);
        events.target("r", queue().inputPath("$.time").build());

        events.put(entry("shop", "{}").time(Instant.parse("2020-01-02T03:04:05.999Z")));

        assertThat(events.bodies()).containsExactly("\"2020-01-02T03:04:05Z\"");
    }

    @Test
    void refusesEntriesOneByOne() {
        events.rule("r", SHOP);
        events.target("r", queue().build());

        PutEventsResponse response =
                events.putAll(
                        entry("", "{}").build(),
                        entry("shop", "{}").detailType(null).build(),
                        entry("shop", "").build(),
                        entry("shop", "{\"a\":").build(),
                        entry("shop", "[]").build(),
                        entry("shop", "\"{}\"").build(),
                        entry("shop", "{},\"id\":\"0\"").build(),
                        entry("shop", "{\"a\":NaN}").build(),
                        entry("shop", "{}").build());

        assertThat(response.failedEntryCount()).isEqualTo(8);
        assertThat(response.entries())
                .extracting(entry -> entry.errorCode() + ": " + entry.errorMessage())
                .containsExactly(
                        missing("Source"),
                        missing("DetailType"),
                        missing("Detail"),
                        "MalformedDetail: Detail is malformed.",
                        "MalformedDetail: Detail is malformed.",
                        "MalformedDetail: Detail is malformed.",
                        "MalformedDetail: Detail is malformed.",
                        "MalformedDetail: Detail is malformed.",
                        "null: null");
        assertThat(events.deliveries()).hasSize(1);
    }

    @Test
    void refusesADetailTypeOfMoreThan128Characters() {
        events.rule("r", SHOP);
        events.target("r", queue().build());

        PutEventsResponse response =
                events.putAll(
                        entry("shop", "{}").detailType("\uD83D\uDE00".repeat(128)).build(),
                        entry("shop", "{}").detailType("x".repeat(129)).build());

        assertThat(response.failedEntryCount()).isEqualTo(1);
        assertThat(response.entries())
                .extracting(entry -> entry.errorCode() + ": " + entry.errorMessage())
                .containsExactly(
                        "null: null",
                        "InvalidArgument: Parameter DetailType is not valid. Reason: DetailType is"
                                + " longer than 128 characters.");
        assertThat(events.deliveries()).hasSize(1);
    }

    @Test
    void refusesTheSourcesThatAreForAwsAlone() {
        events.rule("r", "{\"source\":[{\"prefix\":\"aws\"}]}");
        events.target("r", queue().build());

        PutEventsResponse response =
                events.putAll(
                        entry("aws.s3", "{}").build(),
                        entry("aws.", "{}").build(),
                        entry("aws", "{}").build(),
                        entry("awsome", "{}").build());

        assertThat(response.failedEntryCount()).isEqualTo(2);
        assertThat(response.entries())
                .extracting(entry -> entry.errorCode() + ": " + entry.errorMessage())
                .containsExactly(
                        "NotAuthorizedForSourceException: Not authorized for the source.",
                        "NotAuthorizedForSourceException: Not authorized for the source.",
                        "null: null",
                        "null: null");
        assertThat(events.deliveries()).hasSize(2);
    }

    private static String missing(String name) {
        return "InvalidArgument: Parameter "
                + name
                + " is not valid. Reason: "
                + name
                + " is a required argument.";
    }

    @Test
    void refusesEntriesThatAreTooLargeTogether() {
        String half = "{\"a\":\"" + "x".repeat(EventsLimits.ENTRIES_BYTES_MAX / 2) + "\"}";
        events.rule("r", SHOP);
        events.target("r", queue().build());

        assertThat(events.put(entry("shop", half)).errorCode()).isNull();
        assertRefused(
                () -> events.putAll(entry("shop", half).build(), entry("shop", half).build()),
                "ValidationException",
                "Total size of the entries in the request is over the limit.");
        assertThat(events.deliveries()).hasSize(1);
    }

    @Test
    void findsTheBusByNameAndByArn() {
        events.bus("orders");
        events.rule("orders", "r", SHOP);
        events.target("orders", "r", queue().build());

        events.put(entry("shop", "{}"));
        events.put(entry("shop", "{}").eventBusName("orders"));
        events.put(
                entry("shop", "{}")
                        .eventBusName("arn:aws:events:us-east-1:000000000000:event-bus/orders"));
        events.put(
                entry("shop", "{}")
                        .eventBusName("arn:aws:events:eu-west-1:000000000000:event-bus/orders"));

        assertThat(events.deliveries()).hasSize(2);
    }

    @Test
    void takesEventsForABusThatDoesNotExistAsAwsDoes() {
        assertThat(events.put(entry("shop", "{}").eventBusName("nowhere")).eventId()).isNotNull();
        assertThat(events.hops)
                .singleElement()
                .matches(hop -> hop.result() instanceof EventTrace.Result.Dropped);
    }

    @Test
    void handsOverTheMessageGroupAndTheTraceHeader() {
        events.rule("r", SHOP);
        events.target(
                "r",
                Target.builder()
                        .id("t")
                        .arn(QUEUE + ".fifo")
                        .sqsParameters(new SqsParameters("g"))
                        .build());

        events.put(entry("shop", "{}").traceHeader(TRACE));

        assertThat(events.deliveries())
                .singleElement()
                .matches(d -> "g".equals(d.groupId()) && TRACE.equals(d.traceHeader()));
    }

    @Test
    void putsWhatATargetRefusesIntoItsDeadLetterQueue() {
        events.queues.refused.add(QUEUE);
        events.rule("r", SHOP);
        events.target(
                "r",
                queue().input("\"transformed\"")
                        .deadLetterConfig(new DeadLetterConfig(DEAD))
                        .retryPolicy(new RetryPolicy(0, null))
                        .build());

        PutEventsResultEntry result = events.put(entry("shop", "{}"));

        assertThat(result.errorCode()).isNull();
        RecordingTarget.Delivery dead = events.deliveries().getFirst();
        assertThat(dead.target()).isEqualTo(DEAD);
        assertThat(dead.body()).isEqualTo("\"transformed\"");
        assertThat(dead.attributes())
                .isEqualTo(
                        Map.of(
                                "RULE_ARN", "arn:aws:events:us-east-1:000000000000:rule/r",
                                "TARGET_ARN", QUEUE,
                                "ERROR_CODE", "NO_RESOURCE",
                                "ERROR_MESSAGE", "The queue does not exist."));
        assertThat(events.hops)
                .singleElement()
                .matches(hop -> hop.result() instanceof EventTrace.Result.DeadLettered);
    }

    @Test
    void callsTheRefusalsOfTargetsAsEventBridgeDoes() {
        events.queues.denied.add(QUEUE);
        events.rule("r", SHOP);
        events.target("r", queue().deadLetterConfig(new DeadLetterConfig(DEAD)).build());

        events.put(entry("shop", "{}"));

        assertThat(events.deliveries().getFirst().attributes())
                .containsEntry("ERROR_CODE", "NO_PERMISSIONS");
    }

    @Test
    void keepsVisiblyWhatNobodyTakes() {
        events.queues.refused.addAll(List.of(QUEUE, DEAD));
        events.rule("r", SHOP);
        events.target("r", queue().deadLetterConfig(new DeadLetterConfig(DEAD)).build());

        events.put(entry("shop", "{}"));

        assertThat(events.deliveries()).isEmpty();
        assertThat(events.hops)
                .singleElement()
                .extracting(EventTrace.Hop::result)
                .isEqualTo(new EventTrace.Result.Kept("NO_RESOURCE", "The queue does not exist."));
    }

    @Test
    void aTargetWithNothingBehindItGoesToTheDeadLetterQueue() {
        events.rule("r", SHOP);
        events.target(
                "r",
                Target.builder()
                        .id("t")
                        .arn("arn:aws:lambda:us-east-1:000000000000:function:f")
                        .deadLetterConfig(new DeadLetterConfig(DEAD))
                        .build());

        events.put(entry("shop", "{}"));

        assertThat(events.deliveries().getFirst().attributes())
                .containsEntry("ERROR_CODE", "NO_RESOURCE");
    }

    @Test
    void whatATransformerMakesHasToBeJson() {
        events.rule("r", SHOP);
        events.target(
                "r",
                queue().inputTransformer(
                                new InputTransformer(Map.of("o", "$.detail.o"), "{\"o\":\"<o>\"}"))
                        .deadLetterConfig(new DeadLetterConfig(DEAD))
                        .build());

        events.put(entry("shop", "{\"o\":{\"a\":1}}"));

        RecordingTarget.Delivery dead = events.deliveries().getFirst();
        assertThat(dead.target()).isEqualTo(DEAD);
        assertThat(dead.body()).isEqualTo("{\"o\":\"{\"a\":1}\"}");
        assertThat(dead.attributes())
                .containsEntry("ERROR_CODE", "INVALID_JSON")
                .containsEntry("ERROR_MESSAGE", "Invalid input for target.")
                .hasSize(4);
    }

    @Test
    void whatIsNoJsonIsNotKeptToBeSentAgain() {
        events.rule("r", SHOP);
        Target target =
                queue().inputTransformer(
                                new InputTransformer(Map.of("o", "$.detail.o"), "{\"o\":\"<o>\"}"))
                        .build();
        events.target(
                "default",
                "r",
                target,
                target.toBuilder().id("u").deadLetterConfig(new DeadLetterConfig(DEAD)).build());
        events.queues.refused.add(DEAD);

        events.put(entry("shop", "{\"o\":{\"a\":1}}"));

        assertThat(events.outbox.failed(10)).isEmpty();
        assertThat(events.hops)
                .extracting(EventTrace.Hop::result)
                .containsOnly(
                        new EventTrace.Result.Dropped("INVALID_JSON", "Invalid input for target."));
    }

    @Test
    void rulesCountFromTheNextEventOnAndAfterARestart() {
        events.rule("r", SHOP);
        events.target("r", queue().inputPath("$.detail.n").build());

        events.put(entry("shop", "{\"n\":1}"));
        events.rule("r", "{\"source\":[\"other\"]}");
        events.put(entry("shop", "{\"n\":2}"));
        events.put(entry("other", "{\"n\":3}"));
        events.restart();
        events.put(entry("shop", "{\"n\":4}"));
        events.put(entry("other", "{\"n\":5}"));

        assertThat(events.bodies()).containsExactly("1", "3", "5");
    }

    @Test
    void catchesUpAfterMoreChangesThanAreKept() {
        events.rule("r", SHOP);
        events.target("r", queue().inputPath("$.detail.n").build());
        events.put(entry("shop", "{\"n\":1}"));

        for (int i = 0; i < EventsLimits.CHANGES_KEPT + 10; i++) {
            events.rule("other", "{\"source\":[\"s" + i + "\"]}");
        }
        events.rule("r", "{\"source\":[\"shop\",\"shed\"]}");
        events.put(entry("shed", "{\"n\":2}"));

        assertThat(events.bodies()).containsExactly("1", "2");
    }

    @Test
    void accountsAndRegionsDoNotMeet() {
        events.rule("r", SHOP);
        events.target("r", queue().build());
        PutEventsRequest request =
                PutEventsRequest.builder().entries(List.of(entry("shop", "{}").build())).build();

        events.call(
                EventsFixture.caller("111111111111", "us-east-1"), EventsApi.PUT_EVENTS, request);
        events.call(
                EventsFixture.caller(EventsFixture.ACCOUNT, "eu-west-1"),
                EventsApi.PUT_EVENTS,
                request);

        assertThat(events.deliveries()).isEmpty();
    }
}
