package io.millrace.service.events;

import io.millrace.api.Constraints;
import io.millrace.api.events.ReplayDestination;
import io.millrace.api.events.StartReplayRequest;
import io.millrace.api.events.StartReplayResponse;
import io.millrace.engine.Store;
import io.millrace.http.Body;
import io.millrace.http.Response;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;
import io.millrace.wire.ServicePage;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `POST /_millrace/events/replays`: starts a replay as `StartReplay` does, with what AWS does not
/// have; `GET /_millrace/events/replays/NAME` tells how far one is. Ours.
///
/// The body is JSON with the members of `StartReplay`, times as ISO 8601 or as seconds, and:
/// `Order`, `EVENT_TIME` or `COMMIT`; `EventsPerSecond`, at most so many; `Speed`, so many times
/// the events' own pace; `DryRun`, to be told only how many events would match which rules. The
/// replay is like any other for `DescribeReplay`, `ListReplays` and `CancelReplay`.
final class ReplaysPage {
    private static final String PATH = "/_millrace/events/replays";
    private static final String ORDER = "Order";
    private static final String COMMIT = "COMMIT";
    private static final String EVENT_TIME = "EVENT_TIME";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Set<String> MEMBERS =
            Set.of(
                    "ReplayName",
                    "Description",
                    "EventSourceArn",
                    "EventStartTime",
                    "EventEndTime",
                    "Destination",
                    ORDER,
                    "EventsPerSecond",
                    "Speed",
                    "DryRun");

    private final Store store;
    private final StartReplay start;
    private final DescribeReplay describe;
    private final ReplayDryRun dryRun;

    ReplaysPage(Store store, StartReplay start, DescribeReplay describe, ReplayDryRun dryRun) {
        this.store = store;
        this.start = start;
        this.describe = describe;
        this.dryRun = dryRun;
    }

    ServicePage page() {
        return new ServicePage(
                PATH, Set.of("POST"), (caller, _, body) -> answer(() -> started(caller, body)));
    }

    ServicePage onePage() {
        return new ServicePage(
                PATH + "/",
                Set.of("GET", "HEAD"),
                (caller, request, _) ->
                        answer(() -> told(caller, request.path().substring(PATH.length() + 1))));
    }

    private interface Answer {
        ObjectNode make();
    }

    private static Response answer(Answer answer) {
        try {
            return json(200, answer.make());
        } catch (ServiceException e) {
            return json(
                    ServicePage.status(e.error()),
                    MAPPER.createObjectNode()
                            .put("code", e.error().code())
                            .put("message", e.message()));
        }
    }

    private static Response json(int status, ObjectNode node) {
        return Response.of(status, "application/json", node.toPrettyString() + "\n");
    }

    ObjectNode started(Caller caller, Body body) {
        JsonNode asked = read(body);
        StartReplayRequest request = request(asked);
        ReplayPacing pacing = pacing(asked);
        Caller owner = owner(caller, request.eventSourceArn());
        if (asked.path("DryRun").asBoolean(false)) {
            return forecast(dryRun.of(store.read(tx -> start.plan(tx, owner, request, pacing))));
        }
        StartReplayResponse started = start.start(owner, request, pacing);
        return MAPPER.createObjectNode()
                .put("ReplayArn", started.replayArn())
                .put("State", started.state())
                .put("ReplayStartTime", String.valueOf(started.replayStartTime()));
    }

    private static ObjectNode forecast(ReplayDryRun.Forecast forecast) {
        ObjectNode told = MAPPER.createObjectNode();
        told.put("Events", forecast.events());
        told.put("Unmatched", forecast.unmatched());
        ObjectNode rules = told.putObject("Rules");
        forecast.byRule().forEach(rules::put);
        return told.put("Complete", forecast.isComplete());
    }

    ObjectNode told(Caller caller, String name) {
        StoredReplay replay = describe.find(ArchiveName.of(caller, name));
        StoredReplay.Progress progress = replay.progress();
        ReplayPacing pacing = replay.plan().pacing();
        ObjectNode told = MAPPER.createObjectNode();
        told.put("ReplayName", replay.plan().name());
        told.put("State", progress.state().name());
        told.put("StateReason", progress.reason());
        told.put(ORDER, replay.plan().inCommitOrder() ? COMMIT : EVENT_TIME);
        told.put("EventsPerSecond", pacing == null ? null : pacing.eventsPerSecond());
        told.put("Speed", pacing == null ? null : pacing.speed());
        told.put("EventsReplayed", progress.events());
        Instant last = DescribeReplay.lastReplayed(progress);
        return told.put("EventLastReplayedTime", last == null ? null : last.toString());
    }

    /// Without a signature, which is good in development mode only, the archive's owner asks.
    private static Caller owner(Caller caller, String archiveArn) {
        return caller.isAnonymous()
                ? Arn.parse(archiveArn)
                        .map(arn ->
                                new Caller(
                                        arn.accountId(),
                                        arn.region(),
                                        "arn:aws:iam::" + arn.accountId() + ":root",
                                        arn.accountId(),
                                        caller.requestId(),
                                        caller.endpoint()))
                        .orElse(caller)
                : caller;
    }

    private static JsonNode read(Body body) {
        try {
            JsonNode asked = MAPPER.readTree(body.content());
            if (asked.isObject()) {
                for (String name : asked.propertyNames()) {
                    if (!MEMBERS.contains(name)) {
                        throw EventsErrors.validation("There is no member " + name + ".");
                    }
                }
                return asked;
            }
        } catch (JacksonException _) { // refused below
        }
        throw EventsErrors.validation("The body must be a JSON object.");
    }

    private static StartReplayRequest request(JsonNode asked) {
        List<String> filter = new ArrayList<>();
        JsonNode destination = asked.path("Destination");
        destination.path("FilterArns").forEach(arn -> filter.add(arn.asString("")));
        StartReplayRequest request =
                StartReplayRequest.builder()
                        .replayName(text(asked, "ReplayName"))
                        .description(asked.path("Description").asString(null))
                        .eventSourceArn(text(asked, "EventSourceArn"))
                        .eventStartTime(time(asked, "EventStartTime"))
                        .eventEndTime(time(asked, "EventEndTime"))
                        .destination(
                                new ReplayDestination(
                                        text(destination, "Arn"), filter.isEmpty() ? null : filter))
                        .build();
        List<String> violations = Constraints.check(request);
        if (!violations.isEmpty()) {
            throw EventsErrors.constraints(violations);
        }
        return request;
    }

    private static @Nullable ReplayPacing pacing(JsonNode asked) {
        String order = asked.path(ORDER).asString(EVENT_TIME);
        if (!order.equals(COMMIT) && !order.equals(EVENT_TIME)) {
            throw EventsErrors.invalidParameter(ORDER, "It must be EVENT_TIME or COMMIT.");
        }
        Double rate = positive(asked, "EventsPerSecond");
        Double speed = positive(asked, "Speed");
        return order.equals(EVENT_TIME) && rate == null && speed == null
                ? null
                : new ReplayPacing(order.equals(COMMIT), rate, speed);
    }

    private static @Nullable Double positive(JsonNode asked, String name) {
        JsonNode value = asked.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isNumber() || !(value.doubleValue() >= EventsLimits.REPLAY_RATE_MIN)) {
            throw EventsErrors.invalidParameter(
                    name, "It must be a number from " + EventsLimits.REPLAY_RATE_MIN + " up.");
        }
        return value.doubleValue();
    }

    private static String text(JsonNode asked, String name) {
        JsonNode value = asked.path(name);
        if (!value.isString()) {
            throw EventsErrors.invalidParameter(name, "It must be a string.");
        }
        return value.stringValue();
    }

    private static Instant time(JsonNode asked, String name) {
        JsonNode value = asked.path(name);
        try {
            if (value.isNumber()) {
                return Instant.ofEpochMilli(Math.round(value.doubleValue() * 1000));
            }
            return Instant.parse(value.asString(""));
        } catch (DateTimeException _) {
            throw EventsErrors.invalidParameter(name, "It must be a time.");
        }
    }
}
