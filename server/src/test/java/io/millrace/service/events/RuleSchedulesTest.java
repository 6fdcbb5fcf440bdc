package io.millrace.service.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.DeleteRuleRequest;
import io.millrace.api.events.DescribeRuleRequest;
import io.millrace.api.events.DisableRuleRequest;
import io.millrace.api.events.EnableRuleRequest;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.ListRulesRequest;
import io.millrace.api.events.PutRuleRequest;
import io.millrace.api.events.RemoveTargetsRequest;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

final class RuleSchedulesTest {
    private final EventsFixture events = new EventsFixture();

    @Test
    void aRateFiresEachTimeToTheRulesTargets() {
        schedule("other", "rate(1 day)");
        events.target("other", EventsFixture.queue().arn(EventsFixture.DEAD).build());
        schedule("tick", "rate(5 minutes)");
        events.target("tick", EventsFixture.queue().build());

        assertThat(fireAfter("PT4M59S")).isZero();
        assertThat(fireAfter("PT1S")).isEqualTo(1);
        assertThat(fireAfter("PT5M")).isEqualTo(1);

        assertThat(events.deliveries()).hasSize(2);
        assertThat(events.bodies().getFirst())
                .matches(
                        "\\{\"version\":\"0\",\"id\":\"[0-9a-f-]{36}\",\"detail-type\":\"Scheduled"
                                + " Event\",\"source\":\"aws.events\",\"account\":\"000000000000\","
                                + "\"time\":\"2026-03-04T05:11:07Z\",\"region\":\"us-east-1\","
                                + "\"resources\":\\[\"arn:aws:events:us-east-1:000000000000:rule/tick\"\\],"
                                + "\"detail\":\\{\\}\\}");
        assertThat(events.bodies().getLast()).contains("\"time\":\"2026-03-04T05:16:07Z\"");
    }

    @Test
    void aScheduledEventIsOnTheDefaultBusToo() {
        events.rule("every", "{\"source\":[\"aws.events\"]}");
        events.target("every", EventsFixture.queue().arn(EventsFixture.DEAD).build());
        schedule("tick", "rate(5 minutes)");
        events.target("tick", EventsFixture.queue().build());

        assertThat(fireAfter("PT5M")).isEqualTo(1);

        assertThat(events.bodies()).hasSize(2);
        assertThat(events.bodies().getFirst()).isEqualTo(events.bodies().getLast());
    }

    /// Also when its own pattern matches the event that its schedule makes.
    @Test
    void theRuleOfAScheduleGetsItsEventOnce() {
        events.call(
                EventsApi.PUT_RULE,
                PutRuleRequest.builder()
                        .name("both")
                        .scheduleExpression("rate(5 minutes)")
                        .eventPattern("{\"source\":[\"aws.events\"]}")
                        .build());
        events.target("both", EventsFixture.queue().build());

        assertThat(fireAfter("PT5M")).isEqualTo(1);

        assertThat(events.bodies()).hasSize(1);
    }

    @Test
    void aCronFiresInUtc() {
        schedule("daily", "cron(0 10 * * ? *)");
        events.target("daily", EventsFixture.queue().build());

        fireAfter("P2D");

        assertThat(events.bodies())
                .hasSize(2)
                .first()
                .asString()
                .contains("\"time\":\"2026-03-04T10:00:00Z\"");
    }

    @Test
    void aScheduleDoesNotMatchEventsAndAPatternBesideItDoes() {
        schedule("tick", "rate(5 minutes)");
        events.target("tick", EventsFixture.queue().build());
        events.call(
                EventsApi.PUT_RULE,
                PutRuleRequest.builder()
                        .name("both")
                        .scheduleExpression("rate(1 hour)")
                        .eventPattern("{\"source\":[\"mine\"]}")
                        .build());
        events.target("both", EventsFixture.queue().id("b").build());

        events.put(EventsFixture.entry("mine", "{}"));

        assertThat(events.bodies()).hasSize(1).first().asString().contains("\"source\":\"mine\"");
        fireAfter("PT1H");
        assertThat(events.bodies()).hasSize(1 + 12 + 1);
    }

    @Test
    void aDisabledRuleDoesNotFireAndAnEnabledOneBeginsAnew() {
        schedule("tick", "rate(5 minutes)");
        events.target("tick", EventsFixture.queue().build());
        fireAfter("PT4M");
        events.call(EventsApi.DISABLE_RULE, DisableRuleRequest.builder().name("tick").build());

        assertThat(fireAfter("PT1H")).isZero();
        events.call(EventsApi.ENABLE_RULE, EnableRuleRequest.builder().name("tick").build());
        assertThat(fireAfter("PT4M59S")).isZero();
        assertThat(fireAfter("PT1S")).isEqualTo(1);
    }

    @Test
    void puttingTheSameScheduleAgainDoesNotPutItOff() {
        schedule("tick", "rate(5 minutes)");
        fireAfter("PT3M");
        schedule("tick", "rate(5 minutes)");
        assertThat(fireAfter("PT2M")).isEqualTo(1);

        schedule("tick", "rate(10 minutes)");
        assertThat(fireAfter("PT9M")).isZero();
        assertThat(fireAfter("PT1M")).isEqualTo(1);
    }

    @Test
    void aDeletedRuleDoesNotFireEvenWhenItIsMadeAgainWithoutASchedule() {
        schedule("tick", "rate(5 minutes)");
        events.target("tick", EventsFixture.queue().build());
        events.call(
                EventsApi.REMOVE_TARGETS,
                RemoveTargetsRequest.builder().rule("tick").ids(List.of("t")).build());
        events.call(EventsApi.DELETE_RULE, DeleteRuleRequest.builder().name("tick").build());
        events.rule("tick", "{\"source\":[\"mine\"]}");
        events.target("tick", EventsFixture.queue().build());

        assertThat(fireAfter("PT1H")).isZero();
        assertThat(events.bodies()).isEmpty();
    }

    @Test
    void aRestartAfterAWhileDoesNotMakeUpForMissedRuns() {
        schedule("tick", "rate(5 minutes)");
        events.target("tick", EventsFixture.queue().build());
        events.now = events.now.plus(Duration.ofMinutes(62));
        events.restart();

        events.fireDue();
        assertThat(events.bodies()).isEmpty();
        fireAfter("PT3M");

        assertThat(events.bodies())
                .hasSize(1)
                .first()
                .asString()
                .contains("\"time\":\"2026-03-04T06:11:07Z\"");
    }

    @Test
    void aQuickRestartLosesNothing() {
        schedule("tick", "rate(5 minutes)");
        events.target("tick", EventsFixture.queue().build());
        events.now = events.now.plus(Duration.ofMinutes(5)).plusSeconds(20);
        events.restart();

        events.fireDue();

        assertThat(events.bodies()).hasSize(1);
    }

    @Test
    void tellsTheScheduleAndRefusesWhatIsNone() {
        schedule("tick", "rate(5 minutes)");

        assertThat(
                        events.call(
                                        EventsApi.DESCRIBE_RULE,
                                        DescribeRuleRequest.builder().name("tick").build())
                                .scheduleExpression())
                .isEqualTo("rate(5 minutes)");
        assertThat(events.call(EventsApi.LIST_RULES, ListRulesRequest.builder().build()).rules())
                .first()
                .satisfies(rule -> {
                    assertThat(rule.scheduleExpression()).isEqualTo("rate(5 minutes)");
                    assertThat(rule.eventPattern()).isNull();
                });
        EventsFixture.assertRefused(
                () -> schedule("bad", "rate(1 minutes)"),
                "ValidationException",
                "Parameter ScheduleExpression is not valid.");
        events.bus("orders");
        EventsFixture.assertRefused(
                () ->
                        events.call(
                                EventsApi.PUT_RULE,
                                PutRuleRequest.builder()
                                        .name("bad")
                                        .eventBusName("orders")
                                        .scheduleExpression("rate(5 minutes)")
                                        .build()),
                "ValidationException",
                "ScheduleExpression is supported only on the default event bus.");
    }

    private void schedule(String name, String expression) {
        events.call(
                EventsApi.PUT_RULE,
                PutRuleRequest.builder().name(name).scheduleExpression(expression).build());
    }

    private int fireAfter(String duration) {
        events.now = events.now.plus(Duration.parse(duration));
        return events.fireDue();
    }
}
