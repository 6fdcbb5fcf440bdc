package io.millrace.service.events;

import io.millrace.api.Unit;
import io.millrace.api.events.ActivateEventSourceRequest;
import io.millrace.api.events.DeactivateEventSourceRequest;
import io.millrace.api.events.DescribeEventSourceRequest;
import io.millrace.api.events.DescribeEventSourceResponse;
import io.millrace.api.events.EventSource;
import io.millrace.api.events.ListEventSourcesRequest;
import io.millrace.api.events.ListEventSourcesResponse;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.events.EventSources.Side;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/// A customer's side of partner event sources: `ActivateEventSource`, `DeactivateEventSource`,
/// `DescribeEventSource`, `ListEventSources`. Errors: `ResourceNotFoundException`,
/// `InvalidStateException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ActivateEventSource.html).
final class CustomerEventSources {
    private final Store store;
    private final EventSources sources;

    CustomerEventSources(Store store, EventSources sources) {
        this.store = store;
        this.sources = sources;
    }

    Unit activate(Caller caller, ActivateEventSourceRequest request) {
        return store.write(tx -> {
            StoredEventSource source = withBus(tx, caller, request.name());
            if (!source.is(StoredEventSource.PENDING)) {
                throw EventsErrors.invalidState(source);
            }
            sources.put(tx, caller.region(), source.active());
            return Unit.UNIT;
        });
    }

    Unit deactivate(Caller caller, DeactivateEventSourceRequest request) {
        return store.write(tx -> {
            StoredEventSource source = withBus(tx, caller, request.name());
            if (!source.is(StoredEventSource.ACTIVE)) {
                throw EventsErrors.invalidState(source);
            }
            sources.put(tx, caller.region(), source.pending(sources.expiryMillis()));
            return Unit.UNIT;
        });
    }

    private StoredEventSource withBus(Transaction tx, Caller caller, String name) {
        return sources.ofCustomer(tx, caller.accountId(), caller.region(), name)
                .filter(source -> sources.hasBus(tx, caller.region(), source))
                .orElseThrow(() -> EventsErrors.eventSourceOrBusNotFound(name));
    }

    DescribeEventSourceResponse describe(Caller caller, DescribeEventSourceRequest request) {
        String name = request.name();
        StoredEventSource source =
                store.read(snapshot ->
                        sources.ofCustomer(snapshot, caller.accountId(), caller.region(), name)
                                .orElseThrow(() -> EventsErrors.eventSourceNotFound(name)));
        return DescribeEventSourceResponse.builder()
                .arn(EventSources.arn(caller.region(), name).toString())
                .createdBy(source.partner())
                .creationTime(Instant.ofEpochMilli(source.createdMillis()))
                .expirationTime(expirationTime(source))
                .name(name)
                .state(source.state())
                .build();
    }

    ListEventSourcesResponse list(Caller caller, ListEventSourcesRequest request) {
        Page<EventSource> page = new Page<>(request.limit());
        String after = Page.afterOrStart(request.nextToken());
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        String account = caller.accountId();
        String region = caller.region();
        store.read(snapshot -> {
            for (String name :
                    sources.names(snapshot, account, region, Side.CUSTOMER, prefix, after)) {
                var source = sources.ofCustomer(snapshot, account, region, name);
                if (source.isPresent() && !page.add(name, shape(region, source.get()))) {
                    break;
                }
            }
            return page;
        });
        return ListEventSourcesResponse.builder()
                .eventSources(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private static EventSource shape(String region, StoredEventSource source) {
        return EventSource.builder()
                .arn(EventSources.arn(region, source.name()).toString())
                .createdBy(source.partner())
                .creationTime(Instant.ofEpochMilli(source.createdMillis()))
                .expirationTime(expirationTime(source))
                .name(source.name())
                .state(source.state())
                .build();
    }

    /// Null while it does not expire.
    static @Nullable Instant expirationTime(StoredEventSource source) {
        return source.expiresMillis() == 0 ? null : Instant.ofEpochMilli(source.expiresMillis());
    }
}
