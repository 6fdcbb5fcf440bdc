package io.millrace.service.sns;

import io.millrace.delivery.Message;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.http.Body;
import io.millrace.http.Response;
import io.millrace.pattern.EventPatternExplanation.Miss;
import io.millrace.pattern.FilterPolicies;
import io.millrace.pattern.FilterPolicyScope;
import io.millrace.wire.Caller;
import io.millrace.wire.ServicePage;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/// `POST /_millrace/sns/explain`: which subscriptions of a topic would get a message, and why the
/// others would not. Nothing is published.
///
/// The body is JSON: `TopicArn`, `Message`, perhaps `MessageAttributes` as Publish takes them, and
/// `Limit`. The nearest misses come first.
final class ExplainPage {
    static final String PATH = "/_millrace/sns/explain";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int PAGE = 1000;

    /// What a subscription says to the message.
    ///
    /// @param distance 0 for one that gets it, growing with what fails
    private record Verdict(
            Subscription subscription, int distance, String words, @Nullable Miss miss) {}

    private static final int UNFIT = 1_000_000;
    private static final Comparator<Verdict> ORDER =
            Comparator.comparingInt(Verdict::distance)
                    .thenComparing(verdict -> verdict.subscription.arn());

    private final Store store;
    private final FilterPolicies policies = new FilterPolicies();

    ExplainPage(Store store) {
        this.store = store;
    }

    ServicePage page() {
        return new ServicePage(PATH, Set.of("POST"), (caller, _, body) -> answer(caller, body));
    }

    private Response answer(Caller caller, Body body) {
        JsonNode asked;
        try {
            asked = MAPPER.readTree(new String(body.content(), StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            throw SnsErrors.invalidParameter("The body is not JSON: " + e.getOriginalMessage());
        }
        JsonNode message = asked.path("Message");
        if (message.isMissingNode()) {
            throw SnsErrors.invalidParameter("The body has no Message");
        }
        int limit = asked.path("Limit").asInt(SnsLimits.EXPLAINED);
        if (limit < 1 || limit > SnsLimits.EXPLAINED_MAX) {
            throw SnsErrors.invalidParameter("Limit is not from 1 to " + SnsLimits.EXPLAINED_MAX);
        }
        FilterInputs inputs = inputs(message, asked.path("MessageAttributes"));
        Topic topic =
                store.read(snapshot ->
                        Topics.require(
                                snapshot,
                                caller,
                                "ListSubscriptionsByTopic",
                                Topics.parse(
                                        caller, "TopicArn", asked.path("TopicArn").asString(""))));
        return Response.of(
                200,
                "application/json",
                MAPPER.writerWithDefaultPrettyPrinter()
                                .writeValueAsString(explained(topic, inputs, limit))
                        + "\n");
    }

    private static FilterInputs inputs(JsonNode message, JsonNode given) {
        Map<String, Message.Attribute> attributes = new LinkedHashMap<>();
        given.properties()
                .forEach(entry ->
                        attributes.put(
                                entry.getKey(),
                                new Message.Attribute(
                                        entry.getValue().path("DataType").asString("String"),
                                        entry.getValue().path("StringValue").asString(""),
                                        null)));
        String body = message.isString() ? message.stringValue() : message.toString();
        return new FilterInputs(
                new Publication(
                        "",
                        0,
                        Map.of(Publication.DEFAULT, body),
                        null,
                        attributes,
                        null,
                        null,
                        null,
                        "",
                        false));
    }

    private ObjectNode explained(Topic topic, FilterInputs inputs, int limit) {
        PriorityQueue<Verdict> got = new PriorityQueue<>(ORDER.reversed());
        PriorityQueue<Verdict> missed = new PriorityQueue<>(ORDER.reversed());
        long gotCount = 0;
        long missedCount = 0;
        byte @Nullable [] next = SnsKeys.subscriptions(topic.number());
        while (next != null) { // ends with the last page
            byte[] from = next;
            List<Subscription> page = new ArrayList<>();
            next = store.<byte @Nullable []>read(s -> readPage(s, topic, from, page));
            for (Subscription subscription : page) {
                Verdict verdict = verdict(subscription, inputs);
                PriorityQueue<Verdict> list = verdict.distance == 0 ? got : missed;
                gotCount += verdict.distance == 0 ? 1 : 0;
                missedCount += verdict.distance == 0 ? 0 : 1;
                list.add(verdict);
                if (list.size() > limit) {
                    list.poll(); // the last in order
                }
            }
        }
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("TopicArn", topic.arn().toString());
        answer.put("MatchedCount", gotCount);
        answer.put("NotMatchedCount", missedCount);
        put(answer.putArray("Matched"), got);
        put(answer.putArray("NotMatched"), missed);
        return answer;
    }

    private static byte @Nullable [] readPage(
            Snapshot snapshot, Topic topic, byte[] from, List<Subscription> page) {
        byte[] end = Bytes.prefixEnd(SnsKeys.subscriptions(topic.number()));
        try (Cursor cursor = snapshot.range(from, end, Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                if (page.size() == PAGE) {
                    return cursor.key();
                }
                page.add(Subscription.CODEC.decode(cursor.value()));
            }
            return null;
        }
    }

    private Verdict verdict(Subscription subscription, FilterInputs inputs) {
        if (!subscription.confirmed()) {
            return new Verdict(subscription, UNFIT, "the subscription is not confirmed", null);
        }
        if (!Replays.isLive(subscription)) {
            return new Verdict(subscription, UNFIT, "the subscription replays an archive", null);
        }
        String json = subscription.filterPolicy();
        if (json == null) {
            return new Verdict(subscription, 0, "there is no filter policy", null);
        }
        FilterPolicyScope scope = SubscriptionAttributes.scope(subscription.attributes());
        Miss miss =
                policies.compiled(json, scope)
                        .miss(inputs.of(scope, subscription.protocol()))
                        .orElse(null);
        return miss == null
                ? new Verdict(subscription, 0, "the filter policy matches", null)
                : new Verdict(subscription, Math.max(1, miss.failedCount()), miss.words(), miss);
    }

    private static void put(ArrayNode list, PriorityQueue<Verdict> verdicts) {
        verdicts.stream().sorted(ORDER).forEach(verdict -> list.add(node(verdict)));
    }

    private static ObjectNode node(Verdict verdict) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("SubscriptionArn", verdict.subscription.arn());
        node.put("Protocol", verdict.subscription.protocol());
        node.put("Endpoint", verdict.subscription.endpoint());
        node.put("Matched", verdict.distance == 0);
        node.put("Text", verdict.words);
        Miss miss = verdict.miss;
        if (miss != null) {
            node.put("Field", miss.path());
            node.put("Reason", miss.reason().name());
            node.put("Expected", miss.expected());
            ArrayNode actual = node.putArray("Actual");
            miss.actual().forEach(actual::add);
        }
        return node;
    }
}
