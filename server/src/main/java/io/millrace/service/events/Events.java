package io.millrace.service.events;

import io.millrace.api.events.EventsApi;
import io.millrace.delivery.BusTap;
import io.millrace.delivery.EventBuses;
import io.millrace.delivery.Outbox;
import io.millrace.delivery.RemoteTargets;
import io.millrace.delivery.Targets;
import io.millrace.engine.Store;
import io.millrace.secret.CustomerKeys;
import io.millrace.storage.Sweeper;
import io.millrace.wire.Ids;
import io.millrace.wire.Service;
import io.millrace.wire.ServicePage;

import java.time.InstantSource;
import java.util.List;

/// Amazon EventBridge, the event router.
public final class Events implements AutoCloseable {

    /// What is outside of the store.
    ///
    /// @param outbox where what is owed to remote targets is written down
    /// @param remoteTargets what can be called
    /// @param destinations API destinations and connections
    /// @param keys that buses and archives may be encrypted with
    public record Outside(
            Outbox outbox,
            RemoteTargets remoteTargets,
            ApiDestinations destinations,
            CustomerKeys keys) {}

    private final Service service;
    private final EventBuses eventBuses;
    private final RuleSchedules schedules;
    private final FanOut fanOut;
    private final ArchiveExpiry archiveExpiry;
    private final Sweeper archiveSweeper;
    private final ReplayWorker replayWorker;
    private final Sweeper sourceSweeper;

    /// Puts the service together.
    ///
    /// @param targets what events are delivered to; buses are found without it
    /// @param trace is told what became of each event
    /// @param outside what is called, and how it is owed
    /// @param taps see each event that comes onto a bus
    /// @param pages what else is answered to those who may use the service
    public Events(
            Store store,
            InstantSource clock,
            Ids ids,
            Targets targets,
            Outside outside,
            EventTrace trace,
            List<BusTap> taps,
            List<ServicePage> pages) {
        Buses buses = new Buses(clock, ids, outside.keys);
        Rules rules = new Rules();
        RuleIndexes indexes = new RuleIndexes(rules, EventsLimits.COMPILED_RULES_MAX);
        Archives archives = new Archives(clock, buses, rules);
        TargetDeliveries deliveries =
                new TargetDeliveries(archives, targets, outside.remoteTargets, outside.outbox);
        BusLog busLog = new BusLog(clock, buses, targets);
        EventRouter router =
                new EventRouter(clock, ids, buses, rules, indexes, deliveries, busLog, taps, trace);
        this.fanOut = new FanOut(store, router);
        this.schedules = new RuleSchedules(store, clock, ids, buses, rules, router);
        this.archiveExpiry = new ArchiveExpiry(store, clock, archives);
        this.archiveSweeper =
                new Sweeper(
                        store,
                        "events-archives",
                        ArchiveKeys.archives(),
                        EventsLimits.EXPIRE_PAUSE,
                        archiveExpiry);
        this.replayWorker = new ReplayWorker(store, clock, buses, archives, router);
        StartReplay startReplay = new StartReplay(store, clock, buses, rules, archives);
        DescribeReplay describeReplay = new DescribeReplay(store, clock);
        ReplayDryRun dryRun = new ReplayDryRun(store, clock, archives, router);
        ReplaysPage replaysPage = new ReplaysPage(store, startReplay, describeReplay, dryRun);
        outside.outbox.register(
                RuleDelivery.KIND,
                new RuleDeliveries(
                        store, clock, router, targets, outside.remoteTargets, trace, busLog));
        this.eventBuses = new PutByServices(clock, ids, router);
        EventSources sources = new EventSources(clock, buses);
        GlobalEndpoints endpoints =
                new GlobalEndpoints(store, clock, ids, new EndpointReplication(buses, rules));
        EventsTags tags = new EventsTags(store, buses, rules);
        EventBusPolicy policy = new EventBusPolicy(store, clock, buses);
        Service.Builder builder =
                Service.of(EventsApi.MODEL, EventsLimits.BODY_BYTES_MAX, EventsErrors::constraints)
                        .resources(new BusResources(store, buses, tags));
        outside.destinations
                .operations(builder, outside.outbox)
                .handle(
                        EventsApi.CREATE_EVENT_BUS,
                        new CreateEventBus(store, clock, ids, buses, sources))
                .handle(EventsApi.DESCRIBE_EVENT_BUS, new DescribeEventBus(store, buses))
                .handle(EventsApi.LIST_EVENT_BUSES, new ListEventBuses(store, buses))
                .handle(EventsApi.UPDATE_EVENT_BUS, new UpdateEventBus(store, clock, buses))
                .handle(
                        EventsApi.DELETE_EVENT_BUS,
                        new DeleteEventBus(store, buses, rules, sources))
                .handle(EventsApi.PUT_PERMISSION, policy::put)
                .handle(EventsApi.REMOVE_PERMISSION, policy::remove)
                .handle(EventsApi.PUT_RULE, new PutRule(store, buses, rules, schedules))
                .handle(EventsApi.DESCRIBE_RULE, new DescribeRule(store, buses, rules))
                .handle(EventsApi.LIST_RULES, new ListRules(store, buses, rules))
                .handle(
                        EventsApi.LIST_RULE_NAMES_BY_TARGET,
                        new ListRuleNamesByTarget(store, buses))
                .handle(EventsApi.ENABLE_RULE, new EnableRule(store, buses, rules, schedules))
                .handle(EventsApi.DISABLE_RULE, new DisableRule(store, buses, rules, schedules))
                .handle(EventsApi.DELETE_RULE, new DeleteRule(store, buses, rules, schedules))
                .handle(EventsApi.PUT_TARGETS, new PutTargets(store, buses, rules))
                .handle(EventsApi.LIST_TARGETS_BY_RULE, new ListTargetsByRule(store, buses, rules))
                .handle(EventsApi.REMOVE_TARGETS, new RemoveTargets(store, buses, rules))
                .handle(EventsApi.PUT_EVENTS, new PutEvents(store, clock, ids, endpoints, router))
                .handle(
                        EventsApi.CREATE_ARCHIVE,
                        new CreateArchive(store, clock, ids, buses, archives))
                .handle(EventsApi.UPDATE_ARCHIVE, new UpdateArchive(store, clock, buses, archives))
                .handle(EventsApi.DESCRIBE_ARCHIVE, new DescribeArchive(store, clock, archives))
                .handle(EventsApi.LIST_ARCHIVES, new ListArchives(store, clock, buses, archives))
                .handle(EventsApi.START_REPLAY, startReplay)
                .handle(EventsApi.DESCRIBE_REPLAY, describeReplay)
                .handle(EventsApi.LIST_REPLAYS, new ListReplays(store, clock))
                .handle(EventsApi.CANCEL_REPLAY, new CancelReplay(store, clock))
                .page(replaysPage.page())
                .page(replaysPage.onePage())
                .handle(EventsApi.DELETE_ARCHIVE, new DeleteArchive(store, archives))
                .handle(EventsApi.TEST_EVENT_PATTERN, new TestEventPattern())
                .handle(EventsApi.TAG_RESOURCE, tags::tag)
                .handle(EventsApi.UNTAG_RESOURCE, tags::untag)
                .handle(EventsApi.LIST_TAGS_FOR_RESOURCE, tags::list)
                .handle(
                        EventsApi.PUT_PARTNER_EVENTS,
                        new PutPartnerEvents(store, clock, ids, sources, router));
        pages.forEach(builder::page);
        builder.page(new ExplainPage(store, clock, buses, rules).page());
        addSources(builder, new PartnerEventSources(store, clock, sources));
        addSources(builder, new CustomerEventSources(store, sources));
        addEndpoints(builder, endpoints);
        this.service = builder.build();
        this.sourceSweeper =
                new Sweeper(
                        store,
                        "events-sources",
                        EventsKeys.eventSources(),
                        EventsLimits.EVENT_SOURCE_SWEEP,
                        () -> sources.sweep(store));
    }

    private static void addSources(Service.Builder builder, PartnerEventSources sources) {
        builder.handle(EventsApi.CREATE_PARTNER_EVENT_SOURCE, sources::create)
                .handle(EventsApi.DELETE_PARTNER_EVENT_SOURCE, sources::delete)
                .handle(EventsApi.DESCRIBE_PARTNER_EVENT_SOURCE, sources::describe)
                .handle(EventsApi.LIST_PARTNER_EVENT_SOURCES, sources::list)
                .handle(EventsApi.LIST_PARTNER_EVENT_SOURCE_ACCOUNTS, sources::accounts);
    }

    private static void addSources(Service.Builder builder, CustomerEventSources sources) {
        builder.handle(EventsApi.ACTIVATE_EVENT_SOURCE, sources::activate)
                .handle(EventsApi.DEACTIVATE_EVENT_SOURCE, sources::deactivate)
                .handle(EventsApi.DESCRIBE_EVENT_SOURCE, sources::describe)
                .handle(EventsApi.LIST_EVENT_SOURCES, sources::list);
    }

    private static void addEndpoints(Service.Builder builder, GlobalEndpoints endpoints) {
        builder.handle(EventsApi.CREATE_ENDPOINT, endpoints::create)
                .handle(EventsApi.DESCRIBE_ENDPOINT, endpoints::describe)
                .handle(EventsApi.LIST_ENDPOINTS, endpoints::list)
                .handle(EventsApi.UPDATE_ENDPOINT, endpoints::update)
                .handle(EventsApi.DELETE_ENDPOINT, endpoints::delete);
    }

    /// Begins what goes on in the background.
    public void start() {
        fanOut.start();
        archiveSweeper.start();
        replayWorker.start();
        sourceSweeper.start();
        schedules.start();
    }

    /// Ends it.
    @Override
    public void close() {
        replayWorker.close();
        fanOut.close();
        archiveSweeper.close();
        sourceSweeper.close();
        schedules.close();
    }

    /// Lets whoever waits for a time look at the clock again.
    public void clockMoved() {
        replayWorker.clockMoved();
        schedules.clockMoved();
    }

    /// For tests: serves one page of each replay, and tells when the next one is due.
    long turnReplays() {
        return replayWorker.turn();
    }

    /// For tests: fires the schedules that are due, and tells how many.
    int fireDue() {
        return schedules.fireDue();
    }

    boolean sweepArchives() {
        return archiveExpiry.sweep();
    }

    /// A turn of what is owed to more rules than one transaction carries; false when there is none.
    boolean fanOutTurn() {
        return fanOut.turn();
    }

    public Service service() {
        return service;
    }

    /// The buses, for other services.
    public EventBuses buses() {
        return eventBuses;
    }
}
