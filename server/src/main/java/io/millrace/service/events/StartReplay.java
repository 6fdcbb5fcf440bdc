package io.millrace.service.events;

import io.millrace.api.events.ReplayDestination;
import io.millrace.api.events.StartReplayRequest;
import io.millrace.api.events.StartReplayResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// `StartReplay`: sends archived events over their bus again. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html).
///
/// Durable when it returns; [ReplayWorker] does it. What is archived later is not part of it.
/// Errors: `ResourceAlreadyExistsException`, `ResourceNotFoundException` for the bus or a rule,
/// `LimitExceededException`, `ValidationException`.
final class StartReplay implements Operation<StartReplayRequest, StartReplayResponse> {
    private static final String RULE = "rule/";

    private final Store store;
    private final InstantSource clock;
    private final Buses buses;
    private final Rules rules;
    private final Archives archives;
    private final Replays replays;

    StartReplay(Store store, InstantSource clock, Buses buses, Rules rules, Archives archives) {
        this.store = store;
        this.clock = clock;
        this.buses = buses;
        this.rules = rules;
        this.archives = archives;
        this.replays = new Replays();
    }

    @Override
    public StartReplayResponse handle(Caller caller, StartReplayRequest request) {
        return start(caller, request, null);
    }

    StartReplayResponse start(
            Caller caller, StartReplayRequest request, @Nullable ReplayPacing pacing) {
        ArchiveName name = ArchiveName.of(caller, request.replayName());
        StoredReplay replay = store.write(tx -> start(tx, name, plan(tx, caller, request, pacing)));
        return StartReplayResponse.builder()
                .replayArn(name.replayArn())
                .state(replay.state().name())
                .replayStartTime(Instant.ofEpochMilli(replay.plan().startedMillis()))
                .build();
    }

    private StoredReplay start(Transaction tx, ArchiveName name, ReplayPlan plan) {
        if (replays.find(tx, name, plan.startedMillis()).isPresent()) {
            throw EventsErrors.replayExists(name.name());
        }
        if (replays.activeCount(tx, name.accountId(), name.region())
                >= EventsLimits.ACTIVE_REPLAYS_MAX) {
            throw EventsErrors.limitExceeded();
        }
        StoredReplay replay = StoredReplay.start(plan);
        replays.put(tx, name, replay);
        replays.wake(tx, name);
        return replay;
    }

    /// What the request asks for, once it is found to be good.
    ReplayPlan plan(
            Snapshot snapshot,
            Caller caller,
            StartReplayRequest request,
            @Nullable ReplayPacing pacing) {
        BusName bus =
                Arn.parse(request.destination().arn())
                        .filter(BusName::isBus)
                        .map(BusName::of)
                        .orElseThrow(() ->
                                EventsErrors.invalidParameter(
                                        "Destination.Arn", "Must contain an event bus ARN."));
        StoredBus destination = buses.require(snapshot, bus);
        StoredArchive archive = archive(snapshot, caller, request.eventSourceArn());
        if (!archive.busArn().equals(bus.arn().toString())) {
            throw EventsErrors.invalidParameter(
                    "Destination.Arn", "Cross event bus replay is not permitted.");
        }
        if (!request.eventStartTime().isBefore(request.eventEndTime())) {
            throw EventsErrors.invalidParameter(
                    "EventEndTime", "EventStartTime must be before EventEndTime.");
        }
        List<String> filter = filterArns(request.destination());
        filter.forEach(arn -> requireRule(snapshot, bus, destination, arn));
        return new ReplayPlan(
                request.replayName(),
                request.description(),
                request.eventSourceArn(),
                archive.number(),
                archive.busArn(),
                filter,
                request.eventStartTime().toEpochMilli(),
                request.eventEndTime().toEpochMilli(),
                snapshot.version(),
                clock.millis(),
                pacing);
    }

    private StoredArchive archive(Snapshot snapshot, Caller caller, String arn) {
        String last = arn.substring(arn.lastIndexOf('/') + 1);
        return ArchiveName.ofArchive(arn)
                .filter(name ->
                        name.accountId().equals(caller.accountId())
                                && name.region().equals(caller.region()))
                .flatMap(name -> archives.find(snapshot, name))
                .orElseThrow(() ->
                        EventsErrors.invalidParameter(
                                "EventSourceArn", "Archive " + last + " does not exist."));
    }

    private static List<String> filterArns(ReplayDestination destination) {
        List<String> filter = destination.filterArns();
        return filter == null ? List.of() : filter;
    }

    private void requireRule(Snapshot snapshot, BusName bus, StoredBus destination, String arn) {
        String name = arn.substring(arn.lastIndexOf('/') + 1);
        if (!arn.contains(":" + RULE) || !bus.ruleArn(name).toString().equals(arn)) {
            throw EventsErrors.invalidParameter(
                    "Destination.FilterArns", "Must contain ARNs of rules of the event bus.");
        }
        rules.require(snapshot, destination, name);
    }
}
