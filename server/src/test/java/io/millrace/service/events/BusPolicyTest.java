package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.assertRefused;
import static io.millrace.service.events.EventsFixture.caller;
import static io.millrace.service.events.EventsFixture.entry;
import static io.millrace.service.events.EventsFixture.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.Condition;
import io.millrace.api.events.DeadLetterConfig;
import io.millrace.api.events.DescribeEventBusRequest;
import io.millrace.api.events.DescribeRuleRequest;
import io.millrace.api.events.EnableRuleRequest;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.ListRulesRequest;
import io.millrace.api.events.PutEventsRequest;
import io.millrace.api.events.PutEventsRequestEntry;
import io.millrace.api.events.PutEventsResultEntry;
import io.millrace.api.events.PutPermissionRequest;
import io.millrace.api.events.PutRuleRequest;
import io.millrace.api.events.PutTargetsRequest;
import io.millrace.api.events.RemovePermissionRequest;
import io.millrace.api.events.Target;
import io.millrace.wire.Caller;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Objects;

/// A bus in the fixture's account, and callers and rules of another.
final class BusPolicyTest {

    private static final String VENDOR =
            "Action field includes AWS services that are inconsistent with specified vendor";
    private static final String OTHER_BUS = "arn:aws:events:us-east-1:000000000000:event-bus/other";
    private static final String ROLE = "arn:aws:iam::111111111111:role/r";
    private static final String BUS = "arn:aws:events:us-east-1:000000000000:event-bus/orders";
    private static final String RULE = "arn:aws:events:us-east-1:000000000000:rule/orders/r";
    private static final String ROOT = "arn:aws:iam::111111111111:root";
    private static final String SHOP = "{\"source\":[\"shop\"]}";
    private static final String DEAD = "arn:aws:sqs:us-east-1:111111111111:dead";

    private final EventsFixture events = new EventsFixture();
    private final Caller other = caller("111111111111", "us-east-1");

    @BeforeEach
    void makeTheBus() {
        events.bus("orders");
        events.rule("orders", "r", SHOP);
        events.target("orders", "r", queue().inputPath("$.account").build());
    }

    @Test
    void anotherAccountPutsEventsOnlyAsFarAsThePolicyAllows() {
        PutEventsResultEntry before = put(other, "shop");
        permit();
        PutEventsResultEntry after = put(other, "shop");

        assertThat(before.errorCode()).isEqualTo("AccessDeniedException");
        assertThat(before.errorMessage())
                .isEqualTo(
                        "User: "
                                + ROOT
                                + " is not authorized to perform: events:PutEvents on resource: "
                                + BUS
                                + " because no resource-based policy allows the events:PutEvents"
                                + " action");
        assertThat(after.errorCode()).isNull();
        assertThat(events.bodies()).containsExactly("\"111111111111\"");
        assertThat(put(caller("222222222222", "us-east-1"), "shop").errorCode())
                .isEqualTo("AccessDeniedException");
    }

    @Test
    void rulesAreExplainedToWhoMayListThem() {
        String question =
                """
                {"EventBusName": "%s", "Event": {"Source": "shop", "DetailType": "d",
                 "Detail": "{}"}}
                """
                        .formatted(BUS);

        assertRefused(
                () -> events.explain(other, question),
                "AccessDeniedException",
                "User: "
                        + ROOT
                        + " is not authorized to perform: events:ListRules on resource: "
                        + BUS
                        + " because no resource-based policy allows the events:ListRules action");
        assertThat(events.explain(question)).contains(RULE);
    }

    @Test
    void aDeniedEntryDoesNotKeepTheOthersOut() {
        policy(
                statement("Allow", "\"*\"", "events:PutEvents", "*")
                        .replaceFirst(
                                "}$",
                                ",\"Condition\":{\"StringEquals\":{\"events:source\":\"shop\"}}}"));

        assertThat(put(other, "shed").errorCode()).isEqualTo("AccessDeniedException");
        assertThat(put(other, "shop").errorCode()).isNull();
        assertThat(put(events.caller, "shed").errorCode()).isNull(); // its own account
        assertThat(events.bodies()).hasSize(1);
    }

    @Test
    void anExplicitDenyHoldsForTheOwnAccountToo() {
        policy(
                statement("Deny", "\"*\"", "events:PutEvents", BUS)
                        .replaceFirst(
                                "}$",
                                ",\"Condition\":{\"StringNotEquals\":{\"events:detail-type\":\"X\"}}}"));

        PutEventsResultEntry result = put(events.caller, "shop");

        assertThat(result.errorMessage())
                .isEqualTo(
                        "User: arn:aws:iam::000000000000:root is not authorized to perform:"
                                + " events:PutEvents on resource: "
                                + BUS
                                + " with an explicit deny in a resource-based policy");
    }

    @Test
    void anotherAccountMakesRulesWhereItMay() {
        assertRefused(
                () -> rule(other, "mine"),
                "AccessDeniedException",
                "User: "
                        + ROOT
                        + " is not authorized to perform: events:PutRule on resource: "
                        + "arn:aws:events:us-east-1:000000000000:rule/orders/mine"
                        + " because no resource-based policy allows the events:PutRule action");
    }

    @Test
    void theCreatorsOfRulesMayBeToldApart() {
        policy(
                statement(
                                "Allow",
                                "{\"AWS\":\"111111111111\"}",
                                "events:*",
                                "arn:aws:events:us-east-1:000000000000:rule/orders/*")
                        .replaceFirst(
                                "}$",
                                ",\"Condition\":{\"StringEqualsIfExists\":"
                                        + "{\"events:creatorAccount\":\"\\${aws:PrincipalAccount}\"}}}"));

        rule(other, "mine");
        events.call(
                other,
                EventsApi.PUT_TARGETS,
                PutTargetsRequest.builder()
                        .rule("mine")
                        .eventBusName(BUS)
                        .targets(List.of(queue().inputPath("$.source").build()))
                        .build());
        put(events.caller, "shop");

        assertThat(events.bodies()).containsExactlyInAnyOrder("\"000000000000\"", "\"shop\"");
        var mine =
                events.call(
                        other,
                        EventsApi.DESCRIBE_RULE,
                        DescribeRuleRequest.builder().name("mine").eventBusName(BUS).build());
        assertThat(mine.createdBy()).isEqualTo("111111111111");
        assertThat(mine.arn()).isEqualTo("arn:aws:events:us-east-1:000000000000:rule/orders/mine");
        assertRefused(
                () ->
                        events.call(
                                other,
                                EventsApi.ENABLE_RULE,
                                EnableRuleRequest.builder().name("r").eventBusName(BUS).build()),
                "AccessDeniedException",
                "User: "
                        + ROOT
                        + " is not authorized to perform: events:EnableRule on resource: "
                        + RULE
                        + " because no resource-based policy allows the events:EnableRule action");
        assertRefused(
                () ->
                        events.call(
                                other,
                                EventsApi.LIST_RULES,
                                ListRulesRequest.builder().eventBusName(BUS).build()),
                "AccessDeniedException",
                "User: "
                        + ROOT
                        + " is not authorized to perform: events:ListRules on resource: "
                        + BUS
                        + " because no resource-based policy allows the events:ListRules action");
    }

    @Test
    void aBusOfAnotherAccountThatDoesNotExistIsRefusedLikeOneThatDoes() {
        assertRefused(
                () ->
                        events.call(
                                other,
                                EventsApi.DESCRIBE_RULE,
                                DescribeRuleRequest.builder()
                                        .name("r")
                                        .eventBusName(BUS.replace("orders", "none"))
                                        .build()),
                "AccessDeniedException",
                "User: "
                        + ROOT
                        + " is not authorized to perform: events:DescribeRule on resource: "
                        + RULE.replace("orders", "none")
                        + " because no resource-based policy allows the events:DescribeRule"
                        + " action");
    }

    @Test
    void operationsDoNotCrossRegions() {
        assertRefused(
                () -> rule(caller(EventsFixture.ACCOUNT, "eu-west-1"), "mine"),
                "ValidationException",
                "Cross-region API call is not allowed.");
    }

    @Test
    void aRuleOfAnotherAccountSendsEventsWhereThePolicyLetsIt() {
        forwardFromTheOther(ROLE);

        putOnDefault(other);
        assertThat(events.deliveries()).singleElement().matches(d -> d.target().equals(DEAD));
        assertThat(events.deliveries().getFirst().attributes())
                .containsEntry("ERROR_CODE", "NO_PERMISSIONS");
        permit();
        putOnDefault(other);

        assertThat(events.bodies().getLast()).isEqualTo("\"111111111111\""); // the sender's
    }

    @Test
    void aPolicyMayNameTheRuleAndTheService() {
        policy(
                statement(
                                "Allow",
                                "{\"Service\":\"events.amazonaws.com\"}",
                                "events:PutEvents",
                                BUS)
                        .replaceFirst(
                                "}$",
                                ",\"Condition\":{\"ArnEquals\":{\"aws:SourceArn\":"
                                        + "\"arn:aws:events:us-east-1:111111111111:rule/forward\"},"
                                        + "\"Bool\":{\"events:eventBusInvocation\":\"true\"}}}"));
        forwardFromTheOther(ROLE);

        putOnDefault(other);

        assertThat(events.bodies()).containsExactly("\"111111111111\"");
        assertThat(put(other, "shop").errorCode()).isEqualTo("AccessDeniedException");
    }

    @Test
    void aPolicyMayNameTheRoleOfTheTarget() {
        String role = "arn:aws:iam::111111111111:role/sender";
        policy(statement("Allow", "{\"AWS\":\"" + role + "\"}", "events:PutEvents", BUS));
        forwardFromTheOther(ROLE);
        putOnDefault(other);
        assertThat(events.deliveries()).singleElement().matches(d -> d.target().equals(DEAD));

        forwardFromTheOther(role);
        putOnDefault(other);

        assertThat(events.bodies().getLast()).isEqualTo("\"111111111111\"");
    }

    @Test
    void refusesConditionsThatCannotBeTold() {
        assertRefused(
                () ->
                        policy(
                                statement("Allow", "\"*\"", "events:*", "*")
                                        .replaceFirst(
                                                "}$",
                                                ",\"Condition\":{\"Null\":{\"aws:ResourceTag/x\":\"true\"}}}")),
                "NotImplemented",
                "The condition key aws:ResourceTag/x is not implemented by Millrace yet.");
    }

    @Test
    void refusesConditionsOfAStatementThatAreNoOrganizations() {
        String not = "Provided value in parameter 'condition.";
        assertInvalid(
                condition("StringLike", "aws:PrincipalOrgID", "o-*"),
                not + "type' is not supported.");
        assertInvalid(
                condition("StringEquals", "events:source", "a"), not + "key' is not supported.");
        assertInvalid(
                condition("StringEquals", "aws:PrincipalOrgID", "not-an-org"),
                not + "value' is invalid.");
    }

    @Test
    void refusesHalfAStatement() {
        PutPermissionRequest.Builder none = PutPermissionRequest.builder().eventBusName("orders");
        assertInvalid(none.build(), "Parameter(s) Action must be specified.");
        assertInvalid(
                none.action("events:PutEvents").build(),
                "Parameter(s) Principal must be specified.");
        assertInvalid(none.principal("*").build(), "Parameter(s) StatementId must be specified.");
        assertInvalid(
                none.statementId("s").action("events:PutRule").build(),
                "Provided value in parameter 'action' is not supported.");
        assertInvalid(
                none.policy("{}").build(),
                "Action, Principal, StatementId and Condition could not be combined with Policy"
                        + " parameter.");
    }

    /// The words and the places are AWS's.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {              | This policy contains invalid Json
                    ~~             | This policy contains invalid Json
                    null           | This text appears not to be a policy
                    {}             | Missing required field Version
                    {V}            | Missing required field Statement
                    {V,'Statement':[]}          | Could not parse the policy: Statement is empty!
                    {V,'Statement':[{A,P,R}]}   | Missing required field Sid
                    {V,'Statement':[{S,A,P}]}   | Missing required field Resource
                    {V,'Statement':[{S,A,R}]}   | Missing required field Principal
                    {V,'Statement':[{S,P,R,E,'Action':'iam:ListUsers'}]} | 38 VENDOR
                    {V,'Statement':[{S,P,R,E,'Action':'events:No'}]} | 38 The following action names are invalid: "events:No"
                    {V,'Statement':[{S,A,P,R},{S,A,P,R}]} | 179 TWICE
                    {V,'Statement':{S,A,P,'Resource':'X'}} | The relative-id "event-bus/other" is invalid for ARN "X"
                    """)
    void refusesWhatIsNoPolicyOfABus(String text, String message) {
        String policy =
                text.replace("V", "'Version':'2012-10-17'")
                        .replaceAll("\\bE\\b", "'Effect':'Allow'")
                        .replaceAll("\\bX\\b", OTHER_BUS)
                        .replaceAll("\\bS\\b", "'Sid':'s'")
                        .replaceAll("\\bA\\b", "'Effect':'Allow','Action':'events:PutEvents'")
                        .replaceAll("\\bP\\b", "'Principal':'*'")
                        .replaceAll("\\bR\\b", "'Resource':'" + BUS + "'")
                        .replace('\'', '"');

        assertInvalid(
                PutPermissionRequest.builder().eventBusName("orders").policy(policy).build(),
                message.replace("VENDOR", VENDOR)
                        .replace("TWICE", "The Statement Ids in the policy are not unique")
                        .replaceFirst("^(\\d+) ", "Invalid statement at line 1 column $1: ")
                        .replace("\"X\"", '"' + OTHER_BUS + '"'));
    }

    @Test
    void removesByIdOrAll() {
        RemovePermissionRequest.Builder remove =
                RemovePermissionRequest.builder().eventBusName("orders");

        assertRefused(
                () -> events.call(EventsApi.REMOVE_PERMISSION, remove.build()),
                "ValidationException",
                "Parameter(s) StatementId must be specified.");
        assertRefused(
                () ->
                        events.call(
                                EventsApi.REMOVE_PERMISSION,
                                remove.statementId("s").removeAllPermissions(true).build()),
                "ValidationException",
                "StatementId could not be combined with All parameter.");
    }

    private static PutPermissionRequest condition(String type, String key, String value) {
        return PutPermissionRequest.builder()
                .eventBusName("orders")
                .statementId("s")
                .principal("*")
                .action("events:PutEvents")
                .condition(new Condition(type, key, value))
                .build();
    }

    private void assertInvalid(PutPermissionRequest request, String message) {
        assertRefused(
                () -> events.call(EventsApi.PUT_PERMISSION, request),
                "ValidationException",
                message);
    }

    @Test
    void describesABusToWhomThePolicyLets() {
        policy(statement("Allow", "\"*\"", "events:DescribeEventBus", BUS));

        assertThat(
                        events.call(
                                        other,
                                        EventsApi.DESCRIBE_EVENT_BUS,
                                        DescribeEventBusRequest.builder().name(BUS).build())
                                .arn())
                .isEqualTo(BUS);
    }

    private void rule(Caller by, String name) {
        events.call(
                by,
                EventsApi.PUT_RULE,
                PutRuleRequest.builder().name(name).eventBusName(BUS).eventPattern(SHOP).build());
    }

    private void forwardFromTheOther(String role) {
        events.call(
                other,
                EventsApi.PUT_RULE,
                PutRuleRequest.builder().name("forward").eventPattern(SHOP).build());
        Target target =
                Target.builder()
                        .id("bus")
                        .arn(BUS)
                        .roleArn(role)
                        .deadLetterConfig(new DeadLetterConfig(DEAD))
                        .build();
        events.call(
                other,
                EventsApi.PUT_TARGETS,
                PutTargetsRequest.builder().rule("forward").targets(List.of(target)).build());
    }

    private void permit() {
        events.call(
                EventsApi.PUT_PERMISSION,
                PutPermissionRequest.builder()
                        .eventBusName("orders")
                        .statementId("s")
                        .principal("111111111111")
                        .action("events:PutEvents")
                        .build());
    }

    private void policy(String statement) {
        events.call(
                EventsApi.PUT_PERMISSION,
                PutPermissionRequest.builder()
                        .eventBusName("orders")
                        .policy("{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}")
                        .build());
    }

    private static String statement(
            String effect, String principal, String action, String resource) {
        return "{\"Sid\":\"s\",\"Effect\":\""
                + effect
                + "\",\"Principal\":"
                + principal
                + ",\"Action\":\""
                + action
                + "\",\"Resource\":\""
                + resource
                + "\"}";
    }

    private PutEventsResultEntry put(Caller by, String source) {
        return put(by, entry(source, "{}").eventBusName(BUS).build());
    }

    private void putOnDefault(Caller by) {
        put(by, entry("shop", "{}").build());
    }

    private PutEventsResultEntry put(Caller by, PutEventsRequestEntry entry) {
        return Objects.requireNonNull(
                        events.call(
                                        by,
                                        EventsApi.PUT_EVENTS,
                                        PutEventsRequest.builder().entries(List.of(entry)).build())
                                .entries())
                .getFirst();
    }
}
