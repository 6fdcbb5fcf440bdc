package io.millrace.service.events;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.http.Body;
import io.millrace.http.Response;
import io.millrace.pattern.EventJson;
import io.millrace.wire.Caller;
import io.millrace.wire.ServicePage;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/// `POST /_millrace/events/explain`: why each rule of a bus matches an event, or does not. Nothing
/// is delivered.
///
/// The body is JSON: `Event` (a whole event, or an entry of PutEvents), and perhaps `EventBusName`,
/// `Rule` (only this one), `Limit` and `Offset`. The answer has the rules that match by name, and
/// those that do not by how near they came. A bus with very many rules is read in pages, each one
/// snapshot.
final class ExplainPage {
    static final String PATH = "/_millrace/events/explain";

    private static final JsonMapper MAPPER =
            EventJson.MAPPER
                    .rebuild()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();
    private static final int PAGE_RULES = 1000;
    private static final List<String> MEMBERS =
            List.of("Event", "EventBusName", "Rule", "Limit", "Offset");

    /// What is asked.
    private record Question(
            BusName bus, ExplainedEvent event, String rule, int limit, int offset) {}

    private final Store store;
    private final InstantSource clock;
    private final Buses buses;
    private final Rules rules;

    ExplainPage(Store store, InstantSource clock, Buses buses, Rules rules) {
        this.store = store;
        this.clock = clock;
        this.buses = buses;
        this.rules = rules;
    }

    ServicePage page() {
        return new ServicePage(PATH, Set.of("POST"), (caller, _, body) -> answer(caller, body));
    }

    private Response answer(Caller caller, Body body) {
        Question question = question(caller, body);
        Permission permission = Permission.onBus(caller, "ListRules", question.bus);
        StoredBus bus = store.read(snapshot -> buses.require(snapshot, permission));
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("EventBusName", question.bus.name());
        ArrayNode assumed = answer.putArray("Assumed");
        question.event.assumed().forEach(assumed::add);
        if (question.rule.isEmpty()) {
            all(question, bus, answer);
        } else {
            StoredRule rule = store.read(s -> rules.require(s, bus, question.rule));
            RuleVerdict verdict = RuleVerdict.of(rule, question.event.fields());
            List<RuleVerdict> one = List.of(verdict);
            boolean matched = verdict.matched();
            put(answer, question, matched ? one : List.of(), matched ? List.of() : one);
        }
        return Response.of(
                200,
                "application/json",
                MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(answer) + "\n");
    }

    /// Keeps no more of the rules than are shown.
    private void all(Question question, StoredBus bus, ObjectNode answer) {
        int kept = question.offset + question.limit;
        PriorityQueue<RuleVerdict> matched = new PriorityQueue<>(RuleVerdict.ORDER.reversed());
        PriorityQueue<RuleVerdict> missed = new PriorityQueue<>(RuleVerdict.ORDER.reversed());
        long matchedCount = 0;
        long missedCount = 0;
        byte @Nullable [] next = bus.number() == StoredBus.UNSTORED ? null : first(bus);
        while (next != null) { // ends with the last page
            byte[] from = next;
            List<StoredRule> page = new ArrayList<>();
            next = store.<byte @Nullable []>read(s -> readPage(s, bus, from, page));
            for (StoredRule rule : page) {
                RuleVerdict verdict = RuleVerdict.of(rule, question.event.fields());
                matchedCount += verdict.matched() ? 1 : 0;
                missedCount += verdict.matched() ? 0 : 1;
                PriorityQueue<RuleVerdict> list = verdict.matched() ? matched : missed;
                list.add(verdict);
                if (list.size() > kept) {
                    list.poll(); // the last in order
                }
            }
        }
        answer.put("RuleCount", matchedCount + missedCount);
        answer.put("MatchedCount", matchedCount);
        answer.put("NotMatchedCount", missedCount);
        put(answer, question, shown(matched, question), shown(missed, question));
    }

    private static byte[] first(StoredBus bus) {
        return EventsKeys.rules(bus.number());
    }

    private byte @Nullable [] readPage(
            Snapshot snapshot, StoredBus bus, byte[] from, List<StoredRule> page) {
        byte[] end = Bytes.prefixEnd(first(bus));
        try (Cursor cursor = snapshot.range(from, end, Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                if (page.size() == PAGE_RULES) {
                    return cursor.key();
                }
                page.add(rules.decode(cursor.value()));
            }
            return null;
        }
    }

    private static List<RuleVerdict> shown(PriorityQueue<RuleVerdict> kept, Question question) {
        List<RuleVerdict> sorted = new ArrayList<>(kept);
        sorted.sort(RuleVerdict.ORDER);
        return sorted.subList(Math.min(question.offset, sorted.size()), sorted.size());
    }

    private static void put(
            ObjectNode answer,
            Question question,
            List<RuleVerdict> matched,
            List<RuleVerdict> missed) {
        ArrayNode first = answer.withArray("Matched");
        matched.forEach(verdict -> first.add(verdict.node(MAPPER, question.bus)));
        ArrayNode second = answer.withArray("NotMatched");
        missed.forEach(verdict -> second.add(verdict.node(MAPPER, question.bus)));
    }

    private Question question(Caller caller, Body body) {
        JsonNode asked;
        try {
            asked = MAPPER.readTree(new String(body.content(), StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            throw EventsErrors.validation("The body is not JSON: " + e.getOriginalMessage());
        } catch (NumberFormatException _) { // an exponent that no number can have
            throw EventsErrors.validation("The body has a number that cannot be read.");
        }
        JsonNode event = asked.path("Event");
        if (!event.isObject()) {
            throw EventsErrors.validation(
                    "The body is a JSON object with the member Event, which is one as well.");
        }
        for (String name : asked.propertyNames()) {
            if (!MEMBERS.contains(name)) { // a mistyped bus would be the default one
                throw EventsErrors.validation(
                        "The body has a member " + name + "; what there is: " + MEMBERS);
            }
        }
        String bus = asked.path("EventBusName").asString(event.path("EventBusName").asString(""));
        BusName name = BusName.of(caller, bus.isEmpty() ? null : bus);
        return new Question(
                name,
                ExplainedEvent.of(event, name, clock.instant()),
                asked.path("Rule").asString(""),
                number(asked, "Limit", 1, EventsLimits.EXPLAINED_MAX, EventsLimits.EXPLAINED),
                number(asked, "Offset", 0, EventsLimits.EXPLAINED_OFFSET_MAX, 0));
    }

    private static int number(JsonNode asked, String name, int min, int max, int standard) {
        JsonNode node = asked.path(name);
        if (node.isMissingNode()) {
            return standard;
        }
        if (!node.isInt() || node.intValue() < min || node.intValue() > max) {
            throw EventsErrors.validation(name + " is not from " + min + " to " + max + ".");
        }
        return node.intValue();
    }
}
