package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.assertRefused;
import static io.millrace.service.events.EventsFixture.entry;
import static io.millrace.service.events.EventsFixture.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.DeleteRuleRequest;
import io.millrace.api.events.DescribeRuleRequest;
import io.millrace.api.events.DescribeRuleResponse;
import io.millrace.api.events.DisableRuleRequest;
import io.millrace.api.events.EnableRuleRequest;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.ListRulesRequest;
import io.millrace.api.events.ListRulesResponse;
import io.millrace.api.events.PutRuleRequest;
import io.millrace.api.events.RemoveTargetsRequest;
import io.millrace.api.events.Rule;
import io.millrace.api.events.TestEventPatternRequest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

final class RulesTest {

    private static final String SHOP = "{ \"source\": [\"shop\"] }";

    private final EventsFixture events = new EventsFixture();

    @Test
    void makesARuleAndTellsItAsItWasGiven() {
        events.call(
                EventsApi.PUT_RULE,
                PutRuleRequest.builder()
                        .name("r")
                        .eventPattern(SHOP)
                        .description("d")
                        .roleArn("arn:aws:iam::000000000000:role/x")
                        .build());

        DescribeRuleResponse rule = describe("r");

        assertThat(rule)
                .isEqualTo(
                        DescribeRuleResponse.builder()
                                .name("r")
                                .arn("arn:aws:events:us-east-1:000000000000:rule/r")
                                .eventPattern(SHOP)
                                .state("ENABLED")
                                .description("d")
                                .roleArn("arn:aws:iam::000000000000:role/x")
                                .eventBusName("default")
                                .createdBy("000000000000")
                                .build());
    }

    @Test
    void aRuleOnACustomBusHasItsNameInTheArn() {
        events.bus("orders");

        assertThat(
                        events.call(
                                        EventsApi.PUT_RULE,
                                        PutRuleRequest.builder()
                                                .name("r")
                                                .eventBusName(
                                                        "arn:aws:events:us-east-1:000000000000:event-bus/orders")
                                                .eventPattern(SHOP)
                                                .build())
                                .ruleArn())
                .isEqualTo("arn:aws:events:us-east-1:000000000000:rule/orders/r");
    }

    @Test
    void replacesARuleButNotItsTargets() {
        events.rule("r", SHOP);
        events.target("r", queue().input("1").build());

        events.call(
                EventsApi.PUT_RULE,
                PutRuleRequest.builder()
                        .name("r")
                        .eventPattern("{\"source\":[\"shed\"]}")
                        .state("DISABLED")
                        .build());
        events.put(entry("shed", "{}"));
        events.rule("r", "{\"source\":[\"shed\"]}");
        events.put(entry("shed", "{}"));

        assertThat(describe("r").description()).isNull();
        assertThat(describe("r").state()).isEqualTo("ENABLED");
        assertThat(events.bodies()).containsExactly("1");
    }

    @Test
    void disabledRulesDoNotMatchUntilEnabled() {
        events.rule("r", SHOP);
        events.target("r", queue().inputPath("$.detail.n").build());

        events.call(EventsApi.DISABLE_RULE, DisableRuleRequest.builder().name("r").build());
        assertThat(describe("r").state()).isEqualTo("DISABLED");
        events.put(entry("shop", "{\"n\":1}"));
        events.call(EventsApi.ENABLE_RULE, EnableRuleRequest.builder().name("r").build());
        assertThat(describe("r").state()).isEqualTo("ENABLED");
        events.put(entry("shop", "{\"n\":2}"));

        assertThat(events.bodies()).containsExactly("2");
    }

    @Test
    void deletesARuleOnlyWithoutTargets() {
        events.rule("r", SHOP);
        events.target("r", queue().build());

        assertRefused(
                () -> delete("r"),
                "ValidationException",
                "Rule can't be deleted since it has targets.");
        events.call(
                EventsApi.REMOVE_TARGETS,
                RemoveTargetsRequest.builder().rule("r").ids(List.of("t")).build());
        delete("r");
        delete("r"); // again, without an error

        assertRefused(
                () -> describe("r"),
                "ResourceNotFoundException",
                "Rule r does not exist on EventBus default.");
        events.put(entry("shop", "{}"));
        assertThat(events.deliveries()).isEmpty();
    }

    @Test
    void refusesRulesAndBusesThatAreNotThere() {
        assertRefused(
                () -> events.rule("nowhere", "r", SHOP),
                "ResourceNotFoundException",
                "Event bus nowhere does not exist.");
        assertRefused(
                () ->
                        events.call(
                                EventsApi.ENABLE_RULE,
                                EnableRuleRequest.builder().name("r").build()),
                "ResourceNotFoundException",
                "Rule r does not exist on EventBus default.");
        assertRefused(
                () ->
                        events.call(
                                EventsApi.DELETE_RULE,
                                DeleteRuleRequest.builder().name("r").eventBusName("no").build()),
                "ResourceNotFoundException",
                "Event bus no does not exist.");
    }

    @Test
    void refusesAnInvalidPatternAndKeepsTheOldRule() {
        events.rule("r", SHOP);

        assertRefused(
                () -> events.rule("r", "{\"source\":[]}"),
                "InvalidEventPatternException",
                "Event pattern is not valid. Reason: Empty arrays are not allowed\n"
                        + " at [Source: (String)\"{\"source\":[]}\"; line: 1, column: 13]");

        assertThat(describe("r").eventPattern()).isEqualTo(SHOP);
    }

    @Test
    void refusesARuleWithoutPatternAndSchedule() {
        assertRefused(
                () ->
                        events.call(
                                EventsApi.PUT_RULE,
                                PutRuleRequest.builder().name("r").eventPattern("").build()),
                "ValidationException",
                "Parameter(s) EventPattern or ScheduleExpression must be specified.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(1 minutes)",
                "rate(5 minute)",
                "rate(0 minutes)",
                "rate(5 seconds)",
                "rate(5)",
                "rate( 5 minutes)",
                "cron(0 12 * * * *)",
                "cron(0 12 ? * ? *)",
                "cron(0 12 * * ?)",
                "cron(60 12 * * ? *)",
                "cron(0 24 * * ? *)",
                "cron(0 12 32 * ? *)",
                "cron()",
                "at(2027-01-01T00:00:00)",
                "hourly"
            })
    void refusesSchedulesThatAreNone(String schedule) {
        assertRefused(
                () -> schedule("default", schedule),
                "ValidationException",
                "Parameter ScheduleExpression is not valid.");
    }

    @Test
    void schedulesAreForTheDefaultBus() {
        events.bus("orders");

        assertRefused(
                () -> schedule("orders", "rate(1 minute)"),
                "ValidationException",
                "ScheduleExpression is supported only on the default event bus.");
    }

    @Test
    void listsRulesInPagesByPrefix() {
        for (String name : List.of("b-2", "a-1", "b-1", "b-3", "c")) {
            events.rule(name, SHOP);
        }
        List<String> names = new ArrayList<>();
        String token = null;
        int pages = 0;
        do {
            ListRulesResponse page =
                    events.call(
                            EventsApi.LIST_RULES,
                            ListRulesRequest.builder()
                                    .namePrefix("b-")
                                    .limit(2)
                                    .nextToken(token)
                                    .build());
            for (Rule rule : Objects.requireNonNull(page.rules())) {
                names.add(String.valueOf(rule.name()));
            }
            token = page.nextToken();
            pages++;
        } while (token != null);

        assertThat(names).containsExactly("b-1", "b-2", "b-3");
        assertThat(pages).isEqualTo(2);
        assertThat(events.call(EventsApi.LIST_RULES, ListRulesRequest.builder().build()).rules())
                .extracting(Rule::name)
                .containsExactly("a-1", "b-1", "b-2", "b-3", "c");
    }

    @Test
    void testsAPatternWithoutKeepingIt() {
        assertThat(test("{\"detail\":{\"a\":[1]}}", event("{\"a\":1}"))).isTrue();
        assertThat(test("{\"detail\":{\"a\":[1]}}", event("{\"a\":2}"))).isFalse();
        assertRefused(
                () -> test("{", "{}"),
                "InvalidEventPatternException",
                "Event pattern is not valid. Reason: Unexpected end-of-input: expected close marker"
                        + " for Object (start marker at [Source: (String)\"{\"; line: 1, column: 1])\n"
                        + " at [Source: (String)\"{\"; line: 1, column: 2]");
        assertRefused(
                () -> test("{\"a\":[1]}", "[]"),
                "ValidationException",
                "Parameter Event is not valid.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "account", "source", "time", "region", "detail-type"})
    void refusesToTestAnEventThatIsNotWhole(String missing) {
        String event = event("{}").replace("\"" + missing + "\"", "\"other\"");

        assertRefused(
                () -> test("{\"source\":[\"shop\"]}", event),
                "ValidationException",
                "Parameter Event is not valid.");
    }

    private static String event(String detail) {
        return """
        {"id": "1", "account": "000000000000", "source": "shop", "time": "2020-01-01T00:00:00Z",
         "region": "us-east-1", "detail-type": "d", "detail": %s}
        """
                .formatted(detail);
    }

    private boolean test(String pattern, String event) {
        return Boolean.TRUE.equals(
                events.call(
                                EventsApi.TEST_EVENT_PATTERN,
                                TestEventPatternRequest.builder()
                                        .eventPattern(pattern)
                                        .event(event)
                                        .build())
                        .result());
    }

    private void schedule(String bus, String expression) {
        events.call(
                EventsApi.PUT_RULE,
                PutRuleRequest.builder()
                        .name("s")
                        .eventBusName(bus)
                        .scheduleExpression(expression)
                        .build());
    }

    private DescribeRuleResponse describe(String name) {
        return events.call(
                EventsApi.DESCRIBE_RULE, DescribeRuleRequest.builder().name(name).build());
    }

    private void delete(String name) {
        events.call(EventsApi.DELETE_RULE, DeleteRuleRequest.builder().name(name).build());
    }
}
