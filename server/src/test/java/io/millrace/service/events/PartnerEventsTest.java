package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.assertRefused;
import static io.millrace.service.events.EventsFixture.caller;
import static io.millrace.service.events.EventsFixture.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.ActivateEventSourceRequest;
import io.millrace.api.events.CreateEventBusRequest;
import io.millrace.api.events.CreatePartnerEventSourceRequest;
import io.millrace.api.events.DeactivateEventSourceRequest;
import io.millrace.api.events.DeleteEventBusRequest;
import io.millrace.api.events.DeletePartnerEventSourceRequest;
import io.millrace.api.events.DescribeEventSourceRequest;
import io.millrace.api.events.DescribeEventSourceResponse;
import io.millrace.api.events.DescribePartnerEventSourceRequest;
import io.millrace.api.events.EventSource;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.ListEventSourcesRequest;
import io.millrace.api.events.ListEventSourcesResponse;
import io.millrace.api.events.ListPartnerEventSourceAccountsRequest;
import io.millrace.api.events.ListPartnerEventSourcesRequest;
import io.millrace.api.events.ListPartnerEventSourcesResponse;
import io.millrace.api.events.PartnerEventSource;
import io.millrace.api.events.PutPartnerEventsRequest;
import io.millrace.api.events.PutPartnerEventsRequestEntry;
import io.millrace.api.events.PutPartnerEventsResponse;
import io.millrace.api.events.PutPartnerEventsResultEntry;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// A partner in an account of its own, and a customer in the fixture's.
final class PartnerEventsTest {

    private static final String NAME = "aws.partner/example.com/shop/orders";
    private static final String ARN = "arn:aws:events:us-east-1::event-source/" + NAME;

    private final EventsFixture events = new EventsFixture();
    private final Caller partner = caller("999999999999", "us-east-1");

    @Test
    void aSourceIsOfferedAndBecomesActiveWithTheBusOfItsName() {
        assertThat(offer(NAME)).isEqualTo(ARN);

        DescribeEventSourceResponse offered = describe();
        makeBus();

        assertThat(offered.arn()).isEqualTo(ARN);
        assertThat(offered.createdBy()).isEqualTo("aws.partner/example.com");
        assertThat(offered.state()).isEqualTo("PENDING");
        assertThat(offered.expirationTime()).isEqualTo(events.now.plus(Duration.ofDays(14)));
        assertThat(describe().state()).isEqualTo("ACTIVE");
        assertThat(describe().expirationTime()).isNull();
        assertThat(accountsState()).isEqualTo("ACTIVE");
    }

    @Test
    void eventsGoToTheCustomersBusWhileTheSourceIsActive() {
        offer(NAME);
        assertThat(put(entry(NAME, "{}")).failedEntryCount()).isZero(); // and gone
        makeBus();
        events.rule(NAME, "all", "{\"source\":[\"" + NAME + "\"]}");
        events.target(NAME, "all", queue().inputPath("$.account").build());

        put(entry(NAME, "{}"));
        events.call(
                EventsApi.DEACTIVATE_EVENT_SOURCE,
                DeactivateEventSourceRequest.builder().name(NAME).build());
        put(entry(NAME, "{}"));
        assertThat(events.bodies()).containsExactly("\"000000000000\"");

        events.call(
                EventsApi.ACTIVATE_EVENT_SOURCE,
                ActivateEventSourceRequest.builder().name(NAME).build());
        put(entry(NAME, "{}"));
        assertThat(events.bodies()).hasSize(2);
    }

    @Test
    void entriesAreRefusedOneByOne() {
        offer(NAME);
        makeBus();

        PutPartnerEventsResponse response =
                put(
                        entry(NAME, "{}"),
                        entry(NAME, "[]"),
                        entry(NAME + "2", "{}"),
                        PutPartnerEventsRequestEntry.builder().source(NAME).detail("{}").build());

        assertThat(response.failedEntryCount()).isEqualTo(3);
        assertThat(response.entries())
                .extracting(PutPartnerEventsResultEntry::errorCode)
                .containsExactly(
                        null,
                        "MalformedDetail",
                        "NotAuthorizedForSourceException",
                        "InvalidArgument");
    }

    @Test
    void onlyItsPartnerPutsEventsFromASource() {
        offer(NAME);
        makeBus();

        PutPartnerEventsResponse response =
                events.call(
                        EventsApi.PUT_PARTNER_EVENTS,
                        PutPartnerEventsRequest.builder()
                                .entries(List.of(entry(NAME, "{}")))
                                .build());

        assertThat(response.failedEntryCount()).isEqualTo(1);
    }

    @Test
    void aSourceThatNobodyTakesIsGoneAfterTwoWeeks() {
        offer(NAME);
        events.now = events.now.plus(Duration.ofDays(14));

        assertRefused(
                this::describe,
                "ResourceNotFoundException",
                "Event source " + NAME + " does not exist.");
        assertRefused(
                this::makeBus,
                "ResourceNotFoundException",
                "Event source " + NAME + " does not exist.");
        offer(NAME); // as if it had never been
        makeBus();
        events.now = events.now.plus(Duration.ofDays(30));
        assertThat(describe().state()).isEqualTo("ACTIVE");
    }

    @Test
    void aSourceThatStaysDeactivatedForTwoWeeksIsDeleted() {
        offer(NAME);
        makeBus();
        events.call(
                EventsApi.DEACTIVATE_EVENT_SOURCE,
                DeactivateEventSourceRequest.builder().name(NAME).build());
        events.now = events.now.plus(Duration.ofDays(14));

        assertThat(describe().state()).isEqualTo("DELETED");
        assertRefused(
                () ->
                        events.call(
                                EventsApi.ACTIVATE_EVENT_SOURCE,
                                ActivateEventSourceRequest.builder().name(NAME).build()),
                "InvalidStateException",
                "Event source " + NAME + " is in state DELETED.");
    }

    @Test
    void deletingASourceLeavesTheCustomersBusWithOneThatIsDeleted() {
        offer(NAME);
        makeBus();
        delete();

        assertThat(describe().state()).isEqualTo("DELETED");
        assertThat(put(entry(NAME, "{}")).failedEntryCount()).isEqualTo(1);
        assertThat(listPartners(null).partnerEventSources()).isEmpty();
        events.call(EventsApi.DELETE_EVENT_BUS, DeleteEventBusRequest.builder().name(NAME).build());
        assertThat(list(null).eventSources()).isEmpty();
        delete(); // again, without an error
    }

    @Test
    void aSourceWaitsAgainWhenItsBusIsDeleted() {
        offer(NAME);
        makeBus();
        events.call(EventsApi.DELETE_EVENT_BUS, DeleteEventBusRequest.builder().name(NAME).build());

        assertThat(describe().state()).isEqualTo("PENDING");
        makeBus();
        assertThat(describe().state()).isEqualTo("ACTIVE");
    }

    @Test
    void refusesWhatThereIsNotAndWhatThereIs() {
        offer(NAME);
        assertRefused(
                () -> offer(NAME),
                "ResourceAlreadyExistsException",
                "Event source " + NAME + " already exists.");
        assertRefused(
                () ->
                        events.call(
                                EventsApi.ACTIVATE_EVENT_SOURCE,
                                ActivateEventSourceRequest.builder().name(NAME).build()),
                "ResourceNotFoundException",
                "Event source " + NAME + " or event bus " + NAME + " does not exist.");
        assertRefused(
                () ->
                        events.call(
                                EventsApi.DESCRIBE_PARTNER_EVENT_SOURCE,
                                DescribePartnerEventSourceRequest.builder().name(NAME).build()),
                "ResourceNotFoundException",
                "Event source " + NAME + " does not exist.");
    }

    @Test
    void bothSidesListInPages() {
        for (String name : List.of("c", "a", "b")) {
            offer("aws.partner/example.com/" + name + "/x");
        }

        ListEventSourcesResponse first = list(null);
        ListEventSourcesResponse second = list(first.nextToken());
        ListPartnerEventSourcesResponse partners = listPartners(null);

        assertThat(first.eventSources())
                .extracting(EventSource::name)
                .containsExactly("aws.partner/example.com/a/x", "aws.partner/example.com/b/x");
        assertThat(second.eventSources())
                .extracting(EventSource::name)
                .containsExactly("aws.partner/example.com/c/x");
        assertThat(second.nextToken()).isNull();
        assertThat(partners.partnerEventSources()).extracting(PartnerEventSource::name).hasSize(2);
        assertThat(listPartners(partners.nextToken()).partnerEventSources()).hasSize(1);
    }

    private String offer(String name) {
        return String.valueOf(
                events.call(
                                partner,
                                EventsApi.CREATE_PARTNER_EVENT_SOURCE,
                                CreatePartnerEventSourceRequest.builder()
                                        .name(name)
                                        .account(EventsFixture.ACCOUNT)
                                        .build())
                        .eventSourceArn());
    }

    private void delete() {
        events.call(
                partner,
                EventsApi.DELETE_PARTNER_EVENT_SOURCE,
                DeletePartnerEventSourceRequest.builder()
                        .name(NAME)
                        .account(EventsFixture.ACCOUNT)
                        .build());
    }

    private void makeBus() {
        events.call(
                EventsApi.CREATE_EVENT_BUS,
                CreateEventBusRequest.builder().name(NAME).eventSourceName(NAME).build());
    }

    private DescribeEventSourceResponse describe() {
        return events.call(
                EventsApi.DESCRIBE_EVENT_SOURCE,
                DescribeEventSourceRequest.builder().name(NAME).build());
    }

    private String accountsState() {
        return String.valueOf(
                Objects.requireNonNull(
                                events.call(
                                                partner,
                                                EventsApi.LIST_PARTNER_EVENT_SOURCE_ACCOUNTS,
                                                ListPartnerEventSourceAccountsRequest.builder()
                                                        .eventSourceName(NAME)
                                                        .build())
                                        .partnerEventSourceAccounts())
                        .getFirst()
                        .state());
    }

    private ListEventSourcesResponse list(@Nullable String token) {
        return events.call(
                EventsApi.LIST_EVENT_SOURCES,
                ListEventSourcesRequest.builder()
                        .namePrefix("aws.partner/example.com")
                        .limit(2)
                        .nextToken(token)
                        .build());
    }

    private ListPartnerEventSourcesResponse listPartners(@Nullable String token) {
        return events.call(
                partner,
                EventsApi.LIST_PARTNER_EVENT_SOURCES,
                ListPartnerEventSourcesRequest.builder()
                        .namePrefix("aws.partner/example.com/")
                        .limit(2)
                        .nextToken(token)
                        .build());
    }

    private PutPartnerEventsResponse put(PutPartnerEventsRequestEntry... entries) {
        return events.call(
                partner,
                EventsApi.PUT_PARTNER_EVENTS,
                PutPartnerEventsRequest.builder().entries(List.of(entries)).build());
    }

    private static PutPartnerEventsRequestEntry entry(String source, String detail) {
        return PutPartnerEventsRequestEntry.builder()
                .source(source)
                .detailType("Test")
                .detail(detail)
                .build();
    }
}
