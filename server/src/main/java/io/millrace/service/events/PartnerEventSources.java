package io.millrace.service.events;

import io.millrace.api.Unit;
import io.millrace.api.events.CreatePartnerEventSourceRequest;
import io.millrace.api.events.CreatePartnerEventSourceResponse;
import io.millrace.api.events.DeletePartnerEventSourceRequest;
import io.millrace.api.events.DescribePartnerEventSourceRequest;
import io.millrace.api.events.DescribePartnerEventSourceResponse;
import io.millrace.api.events.ListPartnerEventSourceAccountsRequest;
import io.millrace.api.events.ListPartnerEventSourceAccountsResponse;
import io.millrace.api.events.ListPartnerEventSourcesRequest;
import io.millrace.api.events.ListPartnerEventSourcesResponse;
import io.millrace.api.events.PartnerEventSource;
import io.millrace.api.events.PartnerEventSourceAccount;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.events.EventSources.Side;
import io.millrace.wire.Caller;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// A partner's side of its event sources: `CreatePartnerEventSource`, `DeletePartnerEventSource`,
/// `DescribePartnerEventSource`, `ListPartnerEventSources`, `ListPartnerEventSourceAccounts`. Every
/// account may be a partner: there is no registration here, so a name belongs to who takes it
/// first. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreatePartnerEventSource.html).
final class PartnerEventSources {
    private final Store store;
    private final InstantSource clock;
    private final EventSources sources;

    PartnerEventSources(Store store, InstantSource clock, EventSources sources) {
        this.store = store;
        this.clock = clock;
        this.sources = sources;
    }

    CreatePartnerEventSourceResponse create(
            Caller caller, CreatePartnerEventSourceRequest request) {
        String arn = EventSources.arn(caller.region(), request.name()).toString();
        store.write(tx -> create(tx, caller, request));
        return CreatePartnerEventSourceResponse.builder().eventSourceArn(arn).build();
    }

    private StoredEventSource create(
            Transaction tx, Caller caller, CreatePartnerEventSourceRequest request) {
        String region = caller.region();
        if (sources.find(tx, region, request.name()).isPresent()) {
            throw EventsErrors.eventSourceExists(request.name());
        }
        if (sources.names(tx, caller.accountId(), region, Side.PARTNER, "", "").size()
                >= EventsLimits.EVENT_SOURCES_MAX) {
            throw EventsErrors.limitExceeded();
        }
        StoredEventSource source =
                new StoredEventSource(
                        request.name(),
                        caller.accountId(),
                        request.account(),
                        clock.millis(),
                        sources.expiryMillis(),
                        StoredEventSource.PENDING);
        sources.put(tx, region, source);
        return source;
    }

    /// Does nothing when there is no such source.
    Unit delete(Caller caller, DeletePartnerEventSourceRequest request) {
        String region = caller.region();
        return store.write(tx -> {
            sources.ofPartner(tx, caller.accountId(), region, request.name())
                    .filter(source -> source.customerAccountId().equals(request.account()))
                    .ifPresent(source -> {
                        if (sources.hasBus(tx, region, source)) {
                            sources.put(tx, region, source.deleted());
                        } else {
                            sources.remove(tx, region, source);
                        }
                    });
            return Unit.UNIT;
        });
    }

    DescribePartnerEventSourceResponse describe(
            Caller caller, DescribePartnerEventSourceRequest request) {
        StoredEventSource source = require(caller, request.name());
        return DescribePartnerEventSourceResponse.builder()
                .arn(EventSources.arn(caller.region(), source.name()).toString())
                .name(source.name())
                .build();
    }

    ListPartnerEventSourcesResponse list(Caller caller, ListPartnerEventSourcesRequest request) {
        Page<PartnerEventSource> page = new Page<>(request.limit());
        String after = Page.afterOrStart(request.nextToken());
        store.read(snapshot -> {
            List<String> names =
                    sources.names(
                            snapshot,
                            caller.accountId(),
                            caller.region(),
                            Side.PARTNER,
                            request.namePrefix(),
                            after);
            for (String name : names) {
                boolean isThere =
                        sources.ofPartner(snapshot, caller.accountId(), caller.region(), name)
                                .isPresent();
                if (isThere && !page.add(name, shape(caller, name))) {
                    break;
                }
            }
            return page;
        });
        return ListPartnerEventSourcesResponse.builder()
                .partnerEventSources(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private static PartnerEventSource shape(Caller caller, String name) {
        return PartnerEventSource.builder()
                .arn(EventSources.arn(caller.region(), name).toString())
                .name(name)
                .build();
    }

    /// A source is offered to one account, so there is one page.
    ListPartnerEventSourceAccountsResponse accounts(
            Caller caller, ListPartnerEventSourceAccountsRequest request) {
        Page.afterOrStart(request.nextToken());
        StoredEventSource source = require(caller, request.eventSourceName());
        PartnerEventSourceAccount account =
                PartnerEventSourceAccount.builder()
                        .account(source.customerAccountId())
                        .creationTime(Instant.ofEpochMilli(source.createdMillis()))
                        .expirationTime(CustomerEventSources.expirationTime(source))
                        .state(source.state())
                        .build();
        return ListPartnerEventSourceAccountsResponse.builder()
                .partnerEventSourceAccounts(
                        request.nextToken() == null ? List.of(account) : List.of())
                .build();
    }

    private StoredEventSource require(Caller caller, String name) {
        return store.read(snapshot ->
                sources.ofPartner(snapshot, caller.accountId(), caller.region(), name)
                        .orElseThrow(() -> EventsErrors.eventSourceNotFound(name)));
    }
}
