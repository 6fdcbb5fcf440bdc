package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.assertRefused;
import static io.millrace.service.events.EventsFixture.caller;
import static io.millrace.service.events.EventsFixture.entry;
import static io.millrace.service.events.EventsFixture.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.CreateEndpointRequest;
import io.millrace.api.events.CreateEventBusRequest;
import io.millrace.api.events.DeleteEndpointRequest;
import io.millrace.api.events.DeleteRuleRequest;
import io.millrace.api.events.DescribeEndpointRequest;
import io.millrace.api.events.DescribeEndpointResponse;
import io.millrace.api.events.DisableRuleRequest;
import io.millrace.api.events.Endpoint;
import io.millrace.api.events.EndpointEventBus;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.FailoverConfig;
import io.millrace.api.events.ListEndpointsRequest;
import io.millrace.api.events.ListRulesRequest;
import io.millrace.api.events.Primary;
import io.millrace.api.events.PutEventsRequest;
import io.millrace.api.events.PutEventsRequestEntry;
import io.millrace.api.events.PutEventsResultEntry;
import io.millrace.api.events.PutRuleRequest;
import io.millrace.api.events.PutTargetsRequest;
import io.millrace.api.events.RemoveTargetsRequest;
import io.millrace.api.events.ReplicationConfig;
import io.millrace.api.events.RoutingConfig;
import io.millrace.api.events.Rule;
import io.millrace.api.events.Secondary;
import io.millrace.api.events.UpdateEndpointRequest;
import io.millrace.wire.Caller;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

/// Global endpoints over us-east-1 and eu-west-1.
final class EndpointsTest {

    private static final String SHOP = "{\"source\":[\"shop\"]}";
    private static final String EU_QUEUE = "arn:aws:sqs:eu-west-1:000000000000:queue";

    private final EventsFixture events = new EventsFixture();
    private final Caller eu = caller(EventsFixture.ACCOUNT, "eu-west-1");

    @BeforeEach
    void makeTheBuses() {
        events.bus("orders");
        events.call(
                eu,
                EventsApi.CREATE_EVENT_BUS,
                CreateEventBusRequest.builder().name("orders").build());
        events.rule("orders", "r", SHOP);
        events.target("orders", "r", queue().inputPath("$.region").build());
        events.call(
                eu,
                EventsApi.PUT_RULE,
                PutRuleRequest.builder()
                        .name("r")
                        .eventBusName("orders")
                        .eventPattern(SHOP)
                        .build());
        events.call(
                eu,
                EventsApi.PUT_TARGETS,
                PutTargetsRequest.builder()
                        .rule("r")
                        .eventBusName("orders")
                        .targets(List.of(queue().arn(EU_QUEUE).inputPath("$.region").build()))
                        .build());
    }

    @Test
    void makesDescribesListsAndDeletesAnEndpoint() {
        events.call(EventsApi.CREATE_ENDPOINT, request("DISABLED").description("d").build());

        DescribeEndpointResponse endpoint = describe();

        assertThat(endpoint.arn()).isEqualTo("arn:aws:events:us-east-1:000000000000:endpoint/e");
        assertThat(endpoint.state()).isEqualTo("ACTIVE");
        assertThat(endpoint.description()).isEqualTo("d");
        assertThat(endpoint.endpointId()).matches("[a-z0-9]+\\.veo");
        assertThat(endpoint.endpointUrl())
                .isEqualTo("https://" + endpoint.endpointId() + ".endpoint.events.amazonaws.com");
        assertThat(endpoint.eventBuses())
                .extracting(EndpointEventBus::eventBusArn)
                .containsExactly(bus("us-east-1"), bus("eu-west-1"));
        assertThat(
                        events.call(
                                        eu,
                                        EventsApi.LIST_ENDPOINTS,
                                        ListEndpointsRequest.builder()
                                                .homeRegion("us-east-1")
                                                .build())
                                .endpoints())
                .extracting(Endpoint::name)
                .containsExactly("e");

        events.call(EventsApi.DELETE_ENDPOINT, DeleteEndpointRequest.builder().name("e").build());

        assertRefused(this::describe, "ResourceNotFoundException", "Endpoint e does not exist.");
    }

    @Test
    void eventsThroughItGoToTheBusInThePrimaryRegion() {
        events.call(EventsApi.CREATE_ENDPOINT, request("DISABLED").build());

        PutEventsResultEntry here = put(events.caller, "orders");
        PutEventsResultEntry there = put(eu, bus("eu-west-1"));
        PutEventsResultEntry other = put(eu, "other");

        assertThat(here.errorCode()).isNull();
        assertThat(there.errorCode()).isNull();
        assertThat(other.errorCode()).isEqualTo("InvalidArgument");
        assertThat(events.bodies()).containsExactly("\"us-east-1\"", "\"us-east-1\"");
    }

    @Test
    void replicationSendsTheEventsOfEachBusToTheOther() {
        events.call(EventsApi.CREATE_ENDPOINT, request("ENABLED").roleArn(role()).build());

        put(events.caller, "orders");
        events.call(
                eu,
                EventsApi.PUT_EVENTS,
                PutEventsRequest.builder()
                        .entries(List.of(entry("shop", "{}").eventBusName("orders").build()))
                        .build());

        assertThat(events.deliveries())
                .extracting(d -> d.target() + " " + d.body())
                .containsExactlyInAnyOrder(
                        EventsFixture.QUEUE + " \"us-east-1\"",
                        EU_QUEUE + " \"us-east-1\"",
                        EU_QUEUE + " \"eu-west-1\"",
                        EventsFixture.QUEUE + " \"eu-west-1\"");

        events.call(
                EventsApi.UPDATE_ENDPOINT,
                UpdateEndpointRequest.builder()
                        .name("e")
                        .replicationConfig(new ReplicationConfig("DISABLED"))
                        .build());
        put(events.caller, "orders");

        assertThat(events.deliveries()).hasSize(5);
        assertThat(rules()).extracting(Rule::name).containsExactly("r");
    }

    @Test
    void theRuleOfReplicationIsManaged() {
        events.call(EventsApi.CREATE_ENDPOINT, request("ENABLED").roleArn(role()).build());
        Rule managed = rules().getFirst();
        String name = String.valueOf(managed.name());

        assertThat(managed.managedBy()).isEqualTo("events.amazonaws.com");
        assertRefused(
                () -> delete(name, false),
                "ManagedRuleException",
                name + " is a managed rule. Set 'force' parameter to true to override.");
        assertRefused(
                () -> removeTargets(name, false),
                "ManagedRuleException",
                name + " is a managed rule. Set 'force' parameter to true to override.");
        assertRefused(
                () ->
                        events.call(
                                EventsApi.DISABLE_RULE,
                                DisableRuleRequest.builder()
                                        .name(name)
                                        .eventBusName("orders")
                                        .build()),
                "ManagedRuleException",
                name + " is a managed rule. Set 'force' parameter to true to override.");
        assertRefused(
                () -> events.rule("orders", name, SHOP),
                "ManagedRuleException",
                name + " is a managed rule. Set 'force' parameter to true to override.");

        removeTargets(name, true);
        delete(name, true);

        assertThat(rules()).extracting(Rule::name).containsExactly("r");
        events.call(EventsApi.DELETE_ENDPOINT, DeleteEndpointRequest.builder().name("e").build());
    }

    @Test
    void refusesEndpointsThatCannotBe() {
        assertInvalid(
                request("ENABLED"), "RoleArn must be specified when event replication is enabled.");
        assertInvalid(
                request("DISABLED")
                        .eventBuses(
                                List.of(
                                        new EndpointEventBus(bus("us-east-1")),
                                        new EndpointEventBus(bus("eu-west-1") + "2"))),
                "The names of the event buses must be identical in each Region.");
        assertInvalid(
                request("DISABLED")
                        .eventBuses(
                                List.of(
                                        new EndpointEventBus(bus("us-east-1")),
                                        new EndpointEventBus(bus("us-west-2")))),
                "One of the event buses must be in the secondary Region eu-west-1.");
        assertInvalid(
                request("DISABLED")
                        .eventBuses(
                                List.of(
                                        new EndpointEventBus(bus("us-east-1") + "2"),
                                        new EndpointEventBus(bus("eu-west-1") + "2"))),
                "Event bus " + bus("us-east-1") + "2 does not exist.");
        assertRefused(
                () ->
                        events.call(
                                EventsApi.PUT_EVENTS,
                                PutEventsRequest.builder()
                                        .endpointId("abc.veo")
                                        .entries(List.of(entry("shop", "{}").build()))
                                        .build()),
                "ResourceNotFoundException",
                "Endpoint abc.veo does not exist.");
        events.call(EventsApi.CREATE_ENDPOINT, request("DISABLED").build());
        assertRefused(
                () -> events.call(EventsApi.CREATE_ENDPOINT, request("DISABLED").build()),
                "ResourceAlreadyExistsException",
                "Endpoint e already exists.");
    }

    private void assertInvalid(CreateEndpointRequest.Builder request, String message) {
        assertRefused(
                () -> events.call(EventsApi.CREATE_ENDPOINT, request.build()),
                "ValidationException",
                message);
    }

    private static CreateEndpointRequest.Builder request(String replication) {
        String check = "arn:aws:route53:::healthcheck/abc-123";
        return CreateEndpointRequest.builder()
                .name("e")
                .routingConfig(
                        new RoutingConfig(
                                new FailoverConfig(new Primary(check), new Secondary("eu-west-1"))))
                .replicationConfig(new ReplicationConfig(replication))
                .eventBuses(
                        List.of(
                                new EndpointEventBus(bus("eu-west-1")),
                                new EndpointEventBus(bus("us-east-1"))));
    }

    private static String role() {
        return "arn:aws:iam::000000000000:role/replication";
    }

    private static String bus(String region) {
        return "arn:aws:events:" + region + ":000000000000:event-bus/orders";
    }

    private DescribeEndpointResponse describe() {
        return events.call(
                EventsApi.DESCRIBE_ENDPOINT, DescribeEndpointRequest.builder().name("e").build());
    }

    private PutEventsResultEntry put(Caller by, String bus) {
        PutEventsRequestEntry entry = entry("shop", "{}").eventBusName(bus).build();
        return Objects.requireNonNull(
                        events.call(
                                        by,
                                        EventsApi.PUT_EVENTS,
                                        PutEventsRequest.builder()
                                                .endpointId(describe().endpointId())
                                                .entries(List.of(entry))
                                                .build())
                                .entries())
                .getFirst();
    }

    private List<Rule> rules() {
        return Objects.requireNonNull(
                events.call(
                                EventsApi.LIST_RULES,
                                ListRulesRequest.builder().eventBusName("orders").build())
                        .rules());
    }

    private void delete(String rule, boolean force) {
        events.call(
                EventsApi.DELETE_RULE,
                DeleteRuleRequest.builder().name(rule).eventBusName("orders").force(force).build());
    }

    private void removeTargets(String rule, boolean force) {
        events.call(
                EventsApi.REMOVE_TARGETS,
                RemoveTargetsRequest.builder()
                        .rule(rule)
                        .eventBusName("orders")
                        .ids(List.of("replication"))
                        .force(force)
                        .build());
    }
}
