package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.EventBus;
import software.amazon.awssdk.services.eventbridge.model.EventSourceState;
import software.amazon.awssdk.services.eventbridge.model.ListEventBusesResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.PutPartnerEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;

import java.util.List;

/// EventBridge's buses through the AWS SDK for Java v2: policies between accounts, partners, names
/// and ARNs, pages.
@ExtendWith(MillraceExtension.class)
final class EventBridgeTest {

    private static final String SOURCE = "aws.partner/example.com/shop/orders";

    private final Clients aws;
    private final Clients other;

    EventBridgeTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
        this.other = new Clients(server.endpoint(), server.freshAccount());
    }

    @AfterEach
    void close() {
        aws.close();
        other.close();
    }

    /// A bus lets other accounts in by its policy only; what they put keeps their account.
    @Test
    void anotherAccountPutsEventsWhereThePolicyLetsIt() {
        String bus = aws.events.createEventBus(request -> request.name("orders")).eventBusArn();
        String queue = queueBehind("orders", "{\"account\":[\"" + other.account() + "\"]}");

        PutEventsResultEntry denied = put(other, bus);
        aws.events.putPermission(request ->
                request.eventBusName("orders")
                        .statementId("other")
                        .action("events:PutEvents")
                        .principal(other.account()));
        PutEventsResultEntry allowed = put(other, bus);

        assertThat(denied.errorCode()).isEqualTo("AccessDeniedException");
        assertThat(denied.errorMessage())
                .contains("is not authorized to perform: events:PutEvents on resource: " + bus);
        assertThat(allowed.errorCode()).isNull();
        assertThat(receive(queue)).hasSize(1);
    }

    /// A rule sends events to a bus of another account, by an ARN.
    @Test
    void aRuleSendsEventsToABusOfAnotherAccount() {
        String bus = aws.events.createEventBus(request -> request.name("hub")).eventBusArn();
        String queue = queueBehind("hub", "{\"source\":[\"shop\"]}");
        aws.events.putPermission(request ->
                request.eventBusName("hub")
                        .statementId("other")
                        .action("events:PutEvents")
                        .principal(other.account()));
        other.events.putRule(request -> request.name("r").eventPattern("{\"source\":[\"shop\"]}"));
        String role = "arn:aws:iam::" + other.account() + ":role/sender";
        Target target = Target.builder().id("hub").arn(bus).roleArn(role).build();
        other.events.putTargets(request -> request.rule("r").targets(target));

        put(other, "default");

        assertThat(receive(queue))
                .singleElement()
                .matches(message ->
                        message.body().contains("\"account\":\"" + other.account() + "\""));
    }

    /// A partner offers a source; the customer's bus of the same name makes it active.
    @Test
    void aPartnersEventsComeOntoTheCustomersBus() {
        other.events.createPartnerEventSource(
                request -> request.name(SOURCE).account(aws.account()));
        assertThat(aws.events.describeEventSource(request -> request.name(SOURCE)).state())
                .isEqualTo(EventSourceState.PENDING);
        aws.events.createEventBus(request -> request.name(SOURCE).eventSourceName(SOURCE));
        String queue = queueBehind(SOURCE, "{\"source\":[\"" + SOURCE + "\"]}");

        int failed =
                other.events
                        .putPartnerEvents(request ->
                                request.entries(
                                        PutPartnerEventsRequestEntry.builder()
                                                .source(SOURCE)
                                                .detailType("Order")
                                                .detail("{}")
                                                .build()))
                        .failedEntryCount();

        assertThat(failed).isZero();
        assertThat(receive(queue)).hasSize(1);
        assertThat(aws.events.listEventSources(request -> {}).eventSources())
                .singleElement()
                .matches(source -> source.state() == EventSourceState.ACTIVE);
        other.events.deletePartnerEventSource(
                request -> request.name(SOURCE).account(aws.account()));
        assertThat(aws.events.describeEventSource(request -> request.name(SOURCE)).state())
                .isEqualTo(EventSourceState.DELETED);
    }

    @Test
    void listsInPagesAndRefusesWhatIsNotThere() {
        for (int i = 0; i < 3; i++) {
            String name = "bus-" + i;
            aws.events.createEventBus(request -> request.name(name));
        }

        ListEventBusesResponse first =
                aws.events.listEventBuses(request -> request.namePrefix("bus-").limit(2));
        ListEventBusesResponse second =
                aws.events.listEventBuses(request ->
                        request.namePrefix("bus-").limit(2).nextToken(first.nextToken()));

        assertThat(first.eventBuses()).extracting(EventBus::name).containsExactly("bus-0", "bus-1");
        assertThat(second.eventBuses()).extracting(EventBus::name).containsExactly("bus-2");
        assertThat(second.nextToken()).isNull();
        assertThatThrownBy(() -> aws.events.describeEventBus(request -> request.name("no")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> aws.events.createEventBus(request -> request.name("aws.x")))
                .isInstanceOf(EventBridgeException.class)
                .hasMessageContaining("EventBus name starting with 'aws.' is not valid.");
    }

    private String queueBehind(String bus, String pattern) {
        String name = "queue-" + bus.replaceAll("[^a-z]", "-");
        String url = aws.sqs.createQueue(request -> request.queueName(name)).queueUrl();
        String arn = "arn:aws:sqs:us-east-1:" + aws.account() + ":" + name;
        aws.events.putRule(request -> request.name("all").eventBusName(bus).eventPattern(pattern));
        aws.events.putTargets(request ->
                request.rule("all")
                        .eventBusName(bus)
                        .targets(Target.builder().id("queue").arn(arn).build()));
        return url;
    }

    private static PutEventsResultEntry put(Clients by, String bus) {
        PutEventsRequestEntry entry =
                PutEventsRequestEntry.builder()
                        .source("shop")
                        .detailType("Order")
                        .detail("{}")
                        .eventBusName(bus)
                        .build();
        return by.events.putEvents(request -> request.entries(entry)).entries().getFirst();
    }

    private List<Message> receive(String url) {
        return aws.sqs
                .receiveMessage(request -> request.queueUrl(url).maxNumberOfMessages(10))
                .messages();
    }
}
