package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.DEAD;
import static io.millrace.service.events.EventsFixture.QUEUE;
import static io.millrace.service.events.EventsFixture.entry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.CreateConnectionRequest;
import io.millrace.api.events.DeadLetterConfig;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.HttpParameters;
import io.millrace.api.events.InputTransformer;
import io.millrace.api.events.RetryPolicy;
import io.millrace.api.events.Target;
import io.millrace.delivery.FailedJob;
import io.millrace.delivery.OutboxSteps;
import io.millrace.http.Body;
import io.millrace.wire.Caller;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

final class RemoteDeliveryTest {

    private static final String RULE = "arn:aws:events:us-east-1:000000000000:rule/r";
    private static final String DETAIL = "{\"x\":{\"y\":1},\"s\":\"a b\",\"p\":\"secret/1\"}";

    private final EventsFixture events = new EventsFixture();
    private String arn = "";

    @BeforeEach
    void makeADestinationAndARule() {
        CreateConnectionRequest connection = EventsFixture.basic("c", "u", "a-planted-secret");
        events.call(EventsApi.CREATE_CONNECTION, connection);
        arn = events.destination("d", "c", "http://127.0.0.1:1/*");
        events.rule("r", "{\"source\":[\"shop\"]}");
    }

    private Target.Builder target() {
        return Target.builder().id("t").arn(arn).roleArn("arn:aws:iam::000000000000:role/r");
    }

    @Test
    void isCalledAfterTheEventIsDurableAlsoAfterARestart() {
        events.target("r", target().build());

        String id = String.valueOf(events.put(entry("shop", DETAIL)).eventId());
        assertThat(events.endpoints.requests).isEmpty();
        events.restart();
        OutboxSteps.attemptDue(events.outbox);

        assertThat(FakeEndpoints.body(events.endpoints.last()))
                .contains(id, "\"detail\":" + DETAIL);
        assertThat(OutboxSteps.attemptDue(events.outbox)).isZero();
        assertThat(events.hops)
                .extracting(EventTrace.Hop::result)
                .containsSubsequence(
                        new EventTrace.Result.Owed(),
                        new EventTrace.Result.Attempted(1, 0, "200", "", ""),
                        new EventTrace.Result.Delivered());
    }

    @Test
    void fillsInputPathHeadersAndQueryFromTheEvent() {
        events.target(
                "r",
                target().inputTransformer(
                                new InputTransformer(Map.of("x", "$.detail.x"), "{\"v\":<x>}"))
                        .httpParameters(
                                new HttpParameters(
                                        List.of("$.detail.p"),
                                        Map.of("h", "$.detail.x", "n", "$.detail.none"),
                                        Map.of("q", "$.detail.s", "k", "constant")))
                        .build());

        events.put(entry("shop", DETAIL));
        OutboxSteps.attemptDue(events.outbox);

        HttpCaller.Request request = events.endpoints.last();
        assertThat(FakeEndpoints.body(request)).isEqualTo("{\"v\":{\"y\":1}}");
        assertThat(request.uri().toString())
                .isEqualTo("http://127.0.0.1:1/secret%2F1?k=constant&q=a%20b");
        assertThat(request.headers()).containsEntry("h", "{\"y\":1}").containsEntry("n", "");
    }

    @Test
    void isTriedAgainWithGrowingDelaysUntilItIsTaken() {
        events.target("r", target().build());
        for (int i = 0; i < 3; i++) {
            events.endpoints.answers(503, "");
        }

        events.put(entry("shop", DETAIL));

        assertThat(attemptsAfter(Duration.ZERO)).isOne();
        assertThat(attemptsAfter(Duration.ofMillis(800))).isZero();
        assertThat(attemptsAfter(Duration.ofMillis(400))).isOne();
        assertThat(attemptsAfter(Duration.ofMillis(1700))).isZero();
        assertThat(attemptsAfter(Duration.ofMillis(600))).isOne();
        assertThat(attemptsAfter(Duration.ofSeconds(5))).isOne();
        assertThat(attemptsAfter(Duration.ofDays(1))).isZero();
        assertThat(events.endpoints.requests).hasSize(4);
    }

    private int attemptsAfter(Duration duration) {
        events.now = events.now.plus(duration);
        return OutboxSteps.attemptDue(events.outbox);
    }

    @Test
    void waitsAsLongAsTheEndpointWants() {
        events.target("r", target().build());
        events.endpoints.answers.add(
                new HttpCaller.Answer(429, Map.of("retry-after", "100"), new byte[0]));
        events.put(entry("shop", DETAIL));

        assertThat(attemptsAfter(Duration.ZERO)).isOne();
        assertThat(attemptsAfter(Duration.ofSeconds(99))).isZero();
        assertThat(attemptsAfter(Duration.ofSeconds(1))).isOne();
    }

    @Test
    void goesToTheDeadLetterQueueAfterTheLastAttempt() {
        events.target(
                "r",
                target().retryPolicy(new RetryPolicy(2, null))
                        .input("1")
                        .deadLetterConfig(new DeadLetterConfig(DEAD))
                        .build());
        events.endpoints.isDown = true;
        events.put(entry("shop", DETAIL));

        int attempts = 0;
        for (int i = 0; i < 100; i++) {
            attempts += attemptsAfter(Duration.ofSeconds(1));
        }

        assertThat(attempts).isEqualTo(3);
        RecordingTarget.Delivery dead = events.deliveries().getFirst();
        assertThat(dead.target()).isEqualTo(DEAD);
        assertThat(dead.body()).isEqualTo("1");
        assertThat(dead.attributes())
                .isEqualTo(
                        Map.of(
                                "RULE_ARN",
                                RULE,
                                "TARGET_ARN",
                                arn,
                                "ERROR_CODE",
                                "CONNECTION_FAILURE",
                                "ERROR_MESSAGE",
                                "The endpoint could not be reached: IOException.",
                                "RETRY_ATTEMPTS",
                                "2",
                                "EXHAUSTED_RETRY_CONDITION",
                                "MaximumRetryAttempts"));
        assertThat(events.outbox.failed(10)).isEmpty();
    }

    @Test
    void goesToTheDeadLetterQueueWhenTheEventIsTooOld() {
        events.target(
                "r",
                target().retryPolicy(new RetryPolicy(null, 60))
                        .deadLetterConfig(new DeadLetterConfig(DEAD))
                        .build());
        events.endpoints.isDown = true;
        events.put(entry("shop", DETAIL));

        for (int i = 0; i < 100; i++) {
            attemptsAfter(Duration.ofSeconds(1));
        }

        assertThat(events.deliveries().getFirst().attributes())
                .containsEntry("EXHAUSTED_RETRY_CONDITION", "MaximumEventAgeInSeconds")
                .containsEntry("RETRY_ATTEMPTS", "5");
    }

    @Test
    void goesToTheDeadLetterQueueAtOnceWhenItIsRefusedForGood() {
        events.target("r", target().deadLetterConfig(new DeadLetterConfig(DEAD)).build());
        events.endpoints.answers(404, "a-planted-secret");
        events.put(entry("shop", DETAIL));

        attemptsAfter(Duration.ZERO);

        assertThat(events.deliveries().getFirst().attributes())
                .containsEntry("ERROR_CODE", "ERROR_FROM_TARGET")
                .containsEntry("ERROR_MESSAGE", "The endpoint answered with HTTP status 404.")
                .doesNotContainKeys("RETRY_ATTEMPTS", "EXHAUSTED_RETRY_CONDITION");
    }

    @Test
    void isKeptAsFailedWithoutADeadLetterQueueAndCanBeSentAgain() {
        events.target("r", target().build());
        events.endpoints.answers(400, "");
        events.put(entry("shop", DETAIL));
        attemptsAfter(Duration.ZERO);

        FailedJob failed = events.outbox.failed(10).getFirst();
        assertThat(failed.failure().errorCode()).isEqualTo("ERROR_FROM_TARGET");
        assertThat(failed.toString()).doesNotContain("a-planted-secret");
        assertThat(events.outbox.redrive(failed.id())).isTrue();
        assertThat(attemptsAfter(Duration.ZERO)).isOne();
        assertThat(events.outbox.failed(10)).isEmpty();
        assertThat(events.endpoints.requests).hasSize(2);
    }

    @Test
    void whatAQueueRefusedIsKeptAndCanBeSentAgain() {
        events.target("r", Target.builder().id("q").arn(QUEUE).input("2").build());
        events.queues.denied.add(QUEUE);
        events.put(entry("shop", DETAIL));

        FailedJob failed = events.outbox.failed(10).getFirst();
        assertThat(failed.failure().errorCode()).isEqualTo("NO_PERMISSIONS");
        events.queues.denied.clear();
        events.outbox.redrive(failed.id());
        attemptsAfter(Duration.ZERO);

        assertThat(events.bodies()).containsExactly("2");
        assertThat(events.outbox.failed(10)).isEmpty();
    }

    @Test
    void aTargetWithNothingBehindItFailsVisibly() {
        String lambda = "arn:aws:lambda:us-east-1:000000000000:function:f";
        events.target(
                "default",
                "r",
                Target.builder().id("a").arn(lambda).build(),
                Target.builder()
                        .id("b")
                        .arn(lambda)
                        .deadLetterConfig(new DeadLetterConfig(DEAD))
                        .build());
        events.put(entry("shop", DETAIL));

        assertThat(events.outbox.failed(10).getFirst().failure().errorCode())
                .isEqualTo("NO_RESOURCE");
        assertThat(events.deliveries().getFirst().attributes())
                .containsEntry("ERROR_CODE", "NO_RESOURCE")
                .containsEntry("ERROR_MESSAGE", "Millrace has no target behind " + lambda + ".");
    }

    @Test
    void thePagesShowAndRedriveWhatIsTheCallersOwn() {
        events.target("r", target().build());
        events.endpoints.answers(400, "");
        events.put(entry("shop", DETAIL));
        attemptsAfter(Duration.ZERO);
        Caller other = EventsFixture.caller("111111111111", "us-east-1");

        assertThat(page("GET", "/_millrace/outbox/failed", other, "")).isEqualTo("{\"jobs\":[]}\n");
        assertThat(page("GET", "/_millrace/outbox/failed", events.caller, ""))
                .contains("\"errorCode\":\"ERROR_FROM_TARGET\"", "\"target\":\"" + arn + "\"")
                .doesNotContain("a-planted-secret");
        String redrive = "/_millrace/outbox/redrive";
        assertThat(page("POST", redrive, other, "{\"all\":true}")).isEqualTo("{\"redriven\":0}\n");
        assertThat(page("POST", redrive, events.caller, "{\"target\":\"" + arn + "\"}"))
                .isEqualTo("{\"redriven\":1}\n");
        EventsFixture.assertRefused(
                () -> page("POST", redrive, events.caller, "{}"),
                "ValidationException",
                "Give an id, a target, or all.");
        assertThat(attemptsAfter(Duration.ZERO)).isOne();
    }

    private String page(String method, String path, Caller caller, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return events.page(method, path, caller, new Body(bytes, bytes));
    }
}
