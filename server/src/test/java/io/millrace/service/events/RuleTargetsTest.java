package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.QUEUE;
import static io.millrace.service.events.EventsFixture.assertRefused;
import static io.millrace.service.events.EventsFixture.entry;
import static io.millrace.service.events.EventsFixture.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.DeadLetterConfig;
import io.millrace.api.events.EcsParameters;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.InputTransformer;
import io.millrace.api.events.ListRuleNamesByTargetRequest;
import io.millrace.api.events.ListRuleNamesByTargetResponse;
import io.millrace.api.events.ListTargetsByRuleRequest;
import io.millrace.api.events.ListTargetsByRuleResponse;
import io.millrace.api.events.PutTargetsRequest;
import io.millrace.api.events.RemoveTargetsRequest;
import io.millrace.api.events.RemoveTargetsResponse;
import io.millrace.api.events.RetryPolicy;
import io.millrace.api.events.SqsParameters;
import io.millrace.api.events.Target;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

final class RuleTargetsTest {

    private final EventsFixture events = new EventsFixture();

    @BeforeEach
    void makeARule() {
        events.rule("r", "{\"source\":[\"shop\"]}");
    }

    @Test
    void keepsATargetWithEverythingThatWasGiven() {
        Target target =
                Target.builder()
                        .id("t")
                        .arn("arn:aws:ecs:us-east-1:000000000000:cluster/c")
                        .roleArn("arn:aws:iam::000000000000:role/r")
                        .inputTransformer(new InputTransformer(Map.of("a", "$.id"), "{\"a\":<a>}"))
                        .ecsParameters(
                                EcsParameters.builder()
                                        .taskDefinitionArn("arn:aws:ecs:x:y:z")
                                        .taskCount(2)
                                        .launchType("FARGATE")
                                        .build())
                        .deadLetterConfig(new DeadLetterConfig(EventsFixture.DEAD))
                        .retryPolicy(new RetryPolicy(3, 60))
                        .build();

        events.target("r", target);
        events.restart();

        assertThat(list(null, null).targets()).containsExactly(target);
    }

    @Test
    void replacesTheTargetOfAnIdAndListsInPages() {
        events.target("default", "r", numbered(3), numbered(1), numbered(2));
        events.target("r", numbered(2).toBuilder().input("1").build());

        ListTargetsByRuleResponse first = list(2, null);
        ListTargetsByRuleResponse second = list(2, first.nextToken());

        assertThat(first.targets()).extracting(Target::id).containsExactly("t1", "t2");
        assertThat(first.targets()).extracting(Target::input).containsExactly(null, "1");
        assertThat(second.targets()).extracting(Target::id).containsExactly("t3");
        assertThat(second.nextToken()).isNull();
    }

    @Test
    void refusesASixthTargetAndKeepsTheFive() {
        events.target(
                "default",
                "r",
                IntStream.range(0, 5).mapToObj(i -> numbered(i)).toArray(Target[]::new));
        events.target("r", numbered(4)); // one of the five again

        assertRefused(
                () -> events.target("r", numbered(5)),
                "LimitExceededException",
                "The requested resource exceeds the maximum number allowed.");

        assertThat(list(null, null).targets()).hasSize(5);
    }

    @Test
    void refusesTargetsThatCannotBe() {
        assertInvalid(
                queue().arn("queue"),
                "Parameter queue is not valid. Reason: Provided Arn is not in correct format.");
        assertInvalid(
                queue().input("{\"a\"").build().toBuilder(),
                "JSON syntax error in input for target t: [Source: (String)\"{\"a\"\"; line: 1,"
                        + " column: 5]");
        assertInvalid(
                queue().input("not-json"),
                "JSON syntax error in input for target t: [Source: (String)\"not-json\"; line: 1,"
                        + " column: 1]");
        assertInvalid(
                queue().input("1 2"),
                "JSON syntax error in input for target t: [Source: (String)\"1 2\"; line: 1,"
                        + " column: 3]");
        for (String path : List.of("detail", "$['detail']", "$.detail.*", "$..x", "$.a[-1]")) {
            assertInvalid(queue().inputPath(path), "InputPath for target t is invalid.");
        }
        assertInvalid(
                queue().input("1").inputPath("$"),
                "Only one of Input, InputPath, or InputTransformer must be provided for target t.");
        assertInvalid(
                queue().inputTransformer(
                                new InputTransformer(Map.of("y", "$.detail.y"), "\"<x>\"")),
                "InputTemplate for target t contains invalid placeholder x.");
        assertInvalid(
                queue().inputTransformer(new InputTransformer(null, "x")),
                "Invalid InputTemplate for target t : [Source: (String)\"x\"; line: 1, column: 1].");
        assertInvalid(
                queue().arn(QUEUE + ".fifo"),
                "Parameter(s) SqsParameters must be specified for target: t.");
        assertInvalid(
                queue().deadLetterConfig(new DeadLetterConfig("arn:aws:sns:us-east-1:1:t")),
                "Parameter arn:aws:sns:us-east-1:1:t is not valid. Reason: Provided Arn is not in"
                        + " correct format.");
        assertThat(list(null, null).targets()).isEmpty();
        events.target(
                "r", queue().arn(QUEUE + ".fifo").sqsParameters(new SqsParameters("g")).build());
    }

    private void assertInvalid(Target.Builder target, String message) {
        assertRefused(
                () -> events.target("default", "r", numbered(1), target.build()),
                "ValidationException",
                message);
    }

    @Test
    void refusesAnIdThatIsGivenTwice() {
        assertRefused(
                () -> events.target("default", "r", numbered(1), numbered(1)),
                "ValidationException",
                "Duplicate target id: t1.");
    }

    @Test
    void refusesRulesThatAreNotThere() {
        assertRefused(
                () ->
                        events.call(
                                EventsApi.PUT_TARGETS,
                                PutTargetsRequest.builder()
                                        .rule("no")
                                        .targets(List.of(numbered(1)))
                                        .build()),
                "ResourceNotFoundException",
                "Rule no does not exist on EventBus default.");
        assertRefused(
                () ->
                        events.call(
                                EventsApi.LIST_TARGETS_BY_RULE,
                                ListTargetsByRuleRequest.builder()
                                        .rule("r")
                                        .eventBusName("no")
                                        .build()),
                "ResourceNotFoundException",
                "Event bus no does not exist.");
    }

    @Test
    void removesWhatThereIs() {
        events.target("default", "r", numbered(1), numbered(2));

        RemoveTargetsResponse response =
                events.call(
                        EventsApi.REMOVE_TARGETS,
                        RemoveTargetsRequest.builder().rule("r").ids(List.of("t2", "t9")).build());

        assertThat(response.failedEntryCount()).isZero();
        assertThat(response.failedEntries()).isEmpty();
        assertThat(list(null, null).targets()).extracting(Target::id).containsExactly("t1");
    }

    @Test
    void findsTheRulesOfATarget() {
        events.rule("q", "{\"source\":[\"shop\"]}");
        events.target("r", numbered(1));
        events.target("default", "q", numbered(1), numbered(2));

        assertThat(byTarget(numbered(1).arn(), null).ruleNames()).containsExactly("q", "r");
        assertThat(byTarget(numbered(2).arn(), null).ruleNames()).containsExactly("q");
        assertThat(byTarget("arn:aws:sqs:us-east-1:000000000000:q", null).ruleNames()).isEmpty();

        ListRuleNamesByTargetResponse page = byTarget(numbered(1).arn(), 1);
        assertThat(page.ruleNames()).containsExactly("q");
        assertThat(page.nextToken()).isNotNull();

        events.target("r", numbered(1).toBuilder().arn(numbered(2).arn()).build());
        assertThat(byTarget(numbered(1).arn(), null).ruleNames()).containsExactly("q");
        assertThat(byTarget(numbered(2).arn(), null).ruleNames()).containsExactly("q", "r");
    }

    @Test
    void eachTargetGetsItsOwnInput() {
        events.target(
                "default",
                "r",
                queue().id("a").inputPath("$.detail.x").build(),
                queue().id("b").input("{\"c\":1}").build(),
                queue().id("c")
                        .inputTransformer(
                                new InputTransformer(
                                        Map.of("x", "$.detail.x"),
                                        "{\"x\":<x>,\"t\":<aws.events.event.ingestion-time>,"
                                                + "\"by\":\"<aws.events.rule-arn>\"}"))
                        .build(),
                queue().id("d").inputPath("$.detail.none").build(),
                queue().id("e").inputPath("").build());

        events.put(entry("shop", "{\"x\":{\"y\":1.0}}"));

        assertThat(events.bodies())
                .containsExactly(
                        "{\"y\":1.0}",
                        "{\"c\":1}",
                        "{\"x\":{\"y\":1.0},\"t\":\"2026-03-04T05:06:07.890Z\","
                                + "\"by\":\"arn:aws:events:us-east-1:000000000000:rule/r\"}",
                        "{}",
                        "{}");
    }

    private static Target numbered(int number) {
        return Target.builder().id("t" + number).arn(QUEUE + number).build();
    }

    private ListTargetsByRuleResponse list(@Nullable Integer limit, @Nullable String token) {
        return events.call(
                EventsApi.LIST_TARGETS_BY_RULE,
                ListTargetsByRuleRequest.builder().rule("r").limit(limit).nextToken(token).build());
    }

    private ListRuleNamesByTargetResponse byTarget(String arn, @Nullable Integer limit) {
        return events.call(
                EventsApi.LIST_RULE_NAMES_BY_TARGET,
                ListRuleNamesByTargetRequest.builder().targetArn(arn).limit(limit).build());
    }
}
