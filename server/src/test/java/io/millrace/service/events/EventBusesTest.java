package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.assertRefused;
import static io.millrace.service.events.EventsFixture.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.Condition;
import io.millrace.api.events.CreateEventBusRequest;
import io.millrace.api.events.CreateEventBusResponse;
import io.millrace.api.events.DeadLetterConfig;
import io.millrace.api.events.DeleteEventBusRequest;
import io.millrace.api.events.DeleteRuleRequest;
import io.millrace.api.events.DescribeEventBusRequest;
import io.millrace.api.events.DescribeEventBusResponse;
import io.millrace.api.events.EventBus;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.ListEventBusesRequest;
import io.millrace.api.events.ListEventBusesResponse;
import io.millrace.api.events.LogConfig;
import io.millrace.api.events.PutPermissionRequest;
import io.millrace.api.events.RemovePermissionRequest;
import io.millrace.api.events.UpdateEventBusRequest;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

final class EventBusesTest {

    private static final String ARN = "arn:aws:events:us-east-1:000000000000:event-bus/";

    private final EventsFixture events = new EventsFixture();

    @Test
    void makesDescribesUpdatesAndDeletesABus() {
        CreateEventBusResponse created =
                events.call(
                        EventsApi.CREATE_EVENT_BUS,
                        CreateEventBusRequest.builder()
                                .name("orders")
                                .description("d")
                                .deadLetterConfig(new DeadLetterConfig(EventsFixture.DEAD))
                                .build());
        events.now = events.now.plus(Duration.ofHours(1));
        events.call(
                EventsApi.UPDATE_EVENT_BUS,
                UpdateEventBusRequest.builder().name("orders").description("e").build());

        DescribeEventBusResponse bus = describe("orders");

        assertThat(created.eventBusArn()).isEqualTo(ARN + "orders");
        assertThat(bus.arn()).isEqualTo(ARN + "orders");
        assertThat(bus.description()).isEqualTo("e");
        assertThat(bus.deadLetterConfig()).isEqualTo(new DeadLetterConfig(EventsFixture.DEAD));
        assertThat(bus.creationTime()).isEqualTo(events.now.minus(Duration.ofHours(1)));
        assertThat(bus.lastModifiedTime()).isEqualTo(events.now);
        assertThat(describe(ARN + "orders")).isEqualTo(bus);

        delete("orders");

        assertRefused(
                () -> describe("orders"),
                "ResourceNotFoundException",
                "Event bus orders does not exist.");
        delete("orders"); // again, without an error
    }

    @Test
    void theDefaultBusIsThereInEveryAccountAndRegion() {
        DescribeEventBusResponse bus =
                events.call(
                        caller("111111111111", "eu-central-1"),
                        EventsApi.DESCRIBE_EVENT_BUS,
                        DescribeEventBusRequest.builder().build());

        assertThat(bus.name()).isEqualTo("default");
        assertThat(bus.arn())
                .isEqualTo("arn:aws:events:eu-central-1:111111111111:event-bus/default");
    }

    @Test
    void refusesABusThatThereIs() {
        events.bus("orders");

        assertRefused(
                () -> events.bus("orders"),
                "ResourceAlreadyExistsException",
                "Event bus orders already exists.");
        assertRefused(
                () -> events.bus("default"),
                "ResourceAlreadyExistsException",
                "Event bus default already exists.");
    }

    @Test
    void refusesNamesOfPartnersAndTheirSources() {
        assertRefused(
                () -> events.bus("aws.partner/x/y"),
                "ValidationException",
                "EventBus name starting with 'aws.' is not valid.");
        assertRefused(
                () ->
                        events.call(
                                EventsApi.CREATE_EVENT_BUS,
                                CreateEventBusRequest.builder()
                                        .name("orders")
                                        .eventSourceName("aws.partner/x/y")
                                        .build()),
                "ValidationException",
                "Event bus name orders must match event source name aws.partner/x/y.");
        assertRefused(
                () -> events.bus("a/b"),
                "ValidationException",
                "Event bus name must not contain '/'.");
        assertRefused(
                () ->
                        events.call(
                                EventsApi.CREATE_EVENT_BUS,
                                CreateEventBusRequest.builder()
                                        .name("aws.partner/x/y")
                                        .eventSourceName("aws.partner/x/y")
                                        .build()),
                "ResourceNotFoundException",
                "Event source aws.partner/x/y does not exist.");
    }

    @Test
    void refusesDeadLetterQueuesThatCannotBe() {
        String fifo = EventsFixture.DEAD + ".fifo";
        String elsewhere = EventsFixture.DEAD.replace("us-east-1", "eu-west-1");
        assertDeadLettersRefused(
                "arn:aws:sns:us-east-1:000000000000:t", "Provided Arn is not in correct format.");
        assertDeadLettersRefused(fifo, "Dead-letter queue must be a standard queue.");
        assertDeadLettersRefused(
                elsewhere, "Dead-letter queue must be in the Region of the event bus.");
    }

    private void assertDeadLettersRefused(String arn, String reason) {
        assertRefused(
                () ->
                        events.call(
                                EventsApi.UPDATE_EVENT_BUS,
                                UpdateEventBusRequest.builder()
                                        .deadLetterConfig(new DeadLetterConfig(arn))
                                        .build()),
                "ValidationException",
                "Parameter " + arn + " is not valid. Reason: " + reason);
    }

    @Test
    void anEmptySettingTakesItAway() {
        events.call(
                EventsApi.CREATE_EVENT_BUS,
                CreateEventBusRequest.builder()
                        .name("orders")
                        .kmsKeyIdentifier("alias/k")
                        .deadLetterConfig(new DeadLetterConfig(EventsFixture.DEAD))
                        .logConfig(new LogConfig("FULL", "TRACE"))
                        .build());
        events.call(
                EventsApi.UPDATE_EVENT_BUS,
                UpdateEventBusRequest.builder()
                        .name("orders")
                        .kmsKeyIdentifier("")
                        .deadLetterConfig(new DeadLetterConfig(null))
                        .build());

        DescribeEventBusResponse bus = describe("orders");

        assertThat(bus.kmsKeyIdentifier()).isNull();
        assertThat(bus.deadLetterConfig()).isNull();
        assertThat(bus.logConfig()).isEqualTo(new LogConfig("FULL", "TRACE"));
    }

    @Test
    void doesNotDeleteTheDefaultBusNorOneWithRules() {
        events.bus("orders");
        events.rule("orders", "r", "{\"a\":[1]}");

        assertRefused(
                () -> delete("default"), "ValidationException", "Cannot delete event bus default.");
        assertRefused(
                () -> delete("orders"),
                "ValidationException",
                "EventBus can't be deleted since it has rules.");

        events.call(
                EventsApi.DELETE_RULE,
                DeleteRuleRequest.builder().name("r").eventBusName("orders").build());
        delete("orders");
    }

    @Test
    void aBusThatIsMadeAgainHasNothingOfTheOldOne() {
        events.bus("orders");
        events.rule("orders", "r", "{\"source\":[\"shop\"]}");
        events.call(
                EventsApi.DELETE_RULE,
                DeleteRuleRequest.builder().name("r").eventBusName("orders").build());
        delete("orders");
        events.bus("orders");

        events.put(EventsFixture.entry("shop", "{}").eventBusName("orders"));

        assertThat(events.deliveries()).isEmpty();
        events.rule("orders", "r", "{\"source\":[\"shop\"]}");
        events.target("orders", "r", EventsFixture.queue().build());
        events.put(EventsFixture.entry("shop", "{}").eventBusName("orders"));
        assertThat(events.deliveries()).hasSize(1);
    }

    @Test
    void listsInPagesByPrefix() {
        List.of("b-3", "a-1", "b-1", "b-2", "zz").forEach(events::bus);

        ListEventBusesResponse first =
                list(ListEventBusesRequest.builder().namePrefix("b-").limit(2));
        ListEventBusesResponse second =
                list(
                        ListEventBusesRequest.builder()
                                .namePrefix("b-")
                                .limit(2)
                                .nextToken(first.nextToken()));

        assertThat(names(first)).containsExactly("b-1", "b-2");
        assertThat(names(second)).containsExactly("b-3");
        assertThat(second.nextToken()).isNull();
        assertThat(names(list(ListEventBusesRequest.builder())))
                .containsExactly("a-1", "b-1", "b-2", "b-3", "default", "zz");
        for (String token : List.of("%", "", "abcd", "c2hvcA", "not-a-token-of-ours")) {
            assertRefused(
                    () -> list(ListEventBusesRequest.builder().nextToken(token)),
                    "ValidationException",
                    "Parameter NextToken is not valid.");
        }
    }

    @Test
    void keepsAPolicyStatementByStatement() {
        events.bus("orders");
        permit(permission("one", "111111111111"));
        permit(permission("two", "222222222222"));
        permit(
                permission("one", "*")
                        .condition(
                                new Condition(
                                        "StringEquals", "aws:PrincipalOrgID", "o-1234567890")));

        assertThat(describe("orders").policy())
                .isEqualTo(
                        """
                        {"Version":"2012-10-17","Statement":[\
                        {"Sid":"two","Effect":"Allow",\
                        "Principal":{"AWS":"arn:aws:iam::222222222222:root"},\
                        "Action":"events:PutEvents","Resource":"%1$sorders"},\
                        {"Sid":"one","Effect":"Allow","Principal":"*",\
                        "Action":"events:PutEvents","Resource":"%1$sorders",\
                        "Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}}]}\
                        """
                                .formatted(ARN));

        remove(RemovePermissionRequest.builder().statementId("two"));
        assertRefused(
                () -> remove(RemovePermissionRequest.builder().statementId("two")),
                "ResourceNotFoundException",
                "Statement with the provided id does not exist.");
        remove(RemovePermissionRequest.builder().removeAllPermissions(true));
        assertThat(describe("orders").policy()).isNull();
    }

    @Test
    void takesAWholePolicyAndRefusesWhatIsNone() {
        events.bus("orders");
        String policy =
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"s\",\"Effect\":\"Allow\","
                        + "\"Principal\":\"*\",\"Action\":\"events:ListRules\",\"Resource\":\"*\"}}";

        permit(PutPermissionRequest.builder().policy(policy));

        assertThat(describe("orders").policy()).isEqualTo(policy);
        assertRefused(
                () -> permit(PutPermissionRequest.builder().policy("{")),
                "ValidationException",
                "This policy contains invalid Json");
        assertRefused(
                () -> permit(permission("s", "*").action("events:PutRule")),
                "ValidationException",
                "Provided value in parameter 'action' is not supported.");
        assertRefused(
                () -> permit(permission("s", "*").principal(null)),
                "ValidationException",
                "Parameter(s) Principal must be specified.");
        assertRefused(
                () -> permit(PutPermissionRequest.builder().policy(policy).eventBusName("no")),
                "ResourceNotFoundException",
                "Event bus no does not exist.");
        assertRefused(
                () ->
                        permit(
                                PutPermissionRequest.builder()
                                        .policy(
                                                policy.replace(
                                                        "\"s\"",
                                                        "\"" + "s".repeat(11_000) + "\""))),
                "PolicyLengthExceededException",
                "The policy of the event bus is longer than 10240 bytes.");
    }

    private static PutPermissionRequest.Builder permission(String sid, String principal) {
        return PutPermissionRequest.builder()
                .statementId(sid)
                .principal(principal)
                .action("events:PutEvents");
    }

    private void permit(PutPermissionRequest.Builder request) {
        PutPermissionRequest built = request.build();
        events.call(
                EventsApi.PUT_PERMISSION,
                built.eventBusName() == null ? request.eventBusName("orders").build() : built);
    }

    private void remove(RemovePermissionRequest.Builder request) {
        events.call(EventsApi.REMOVE_PERMISSION, request.eventBusName("orders").build());
    }

    private DescribeEventBusResponse describe(String name) {
        return events.call(
                EventsApi.DESCRIBE_EVENT_BUS, DescribeEventBusRequest.builder().name(name).build());
    }

    private void delete(String name) {
        events.call(EventsApi.DELETE_EVENT_BUS, DeleteEventBusRequest.builder().name(name).build());
    }

    private ListEventBusesResponse list(ListEventBusesRequest.Builder request) {
        return events.call(EventsApi.LIST_EVENT_BUSES, request.build());
    }

    private static List<String> names(ListEventBusesResponse response) {
        return Objects.requireNonNull(response.eventBuses()).stream()
                .map(EventBus::name)
                .map(Objects::requireNonNull)
                .toList();
    }
}
