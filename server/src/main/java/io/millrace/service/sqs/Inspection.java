package io.millrace.service.sqs;

import io.millrace.delivery.Renderings;
import io.millrace.engine.Store;
import io.millrace.http.Body;
import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.service.sqs.MessageView.Status;
import io.millrace.wire.Caller;
import io.millrace.wire.QueryString;
import io.millrace.wire.ServiceException;
import io.millrace.wire.ServicePage;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// `GET /_millrace/sqs/messages?queue=…`: the messages of a queue, page by page, with what is known
/// about each, as JSON. Changes nothing. The queue is a name, a URL or an ARN; also with `region`,
/// `limit`, `next` (from the page before), `state` (`visible`, `delayed`, `in flight` or `blocked`)
/// and `bodies=false`.
final class Inspection {
    private static final String PATH = "/_millrace/sqs/messages";
    private static final int ARN_PARTS = 6;
    private static final int ACCOUNT_DIGITS = 12;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final List<String> STATES =
            Stream.of(Status.values()).map(Inspection::word).toList();

    private final Store store;
    private final InstantSource clock;
    private final Renderings renderings;

    Inspection(Store store, InstantSource clock, Renderings renderings) {
        this.store = store;
        this.clock = clock;
        this.renderings = renderings;
    }

    ServicePage page() {
        return new ServicePage(PATH, Set.of("GET", "HEAD"), this::answer);
    }

    /// Who asks for a queue, as that queue's region knows it. Without a signature, which is good in
    /// development mode only, that is the queue's owner.
    ///
    /// @param queue its URL, or account and name, or ARN, or name
    static Caller caller(Caller caller, String queue, @Nullable String region) {
        String[] arn = queue.split(":", -1);
        boolean isArn = queue.startsWith("arn:") && arn.length == ARN_PARTS;
        String[] path = queue.split("/", -1);
        String named = isArn ? arn[4] : path.length > 1 ? path[path.length - 2] : "";
        String account =
                caller.isAnonymous() && named.length() == ACCOUNT_DIGITS
                        ? named
                        : caller.accountId();
        String there = isArn ? arn[3] : region;
        return new Caller(
                account,
                there == null || there.isEmpty() ? caller.region() : there,
                caller.isAnonymous() ? "arn:aws:iam::" + account + ":root" : caller.principalArn(),
                caller.isAnonymous() ? account : caller.userId(),
                caller.requestId(),
                caller.endpoint(),
                "ReceiveMessage",
                caller.sourceAddress(),
                caller.client(),
                caller.traceHeader(),
                caller.identity(),
                caller.conditions());
    }

    private Response answer(Caller caller, Request request, Body body) {
        Map<String, String> asked = QueryString.parameters(request.query());
        try {
            return json(200, told(caller, asked));
        } catch (ServiceException e) {
            return json(
                    ServicePage.status(e.error()),
                    MAPPER.createObjectNode()
                            .put("code", e.error().queryCodeOrCode())
                            .put("message", e.message()));
        }
    }

    private ObjectNode told(Caller caller, Map<String, String> asked) {
        int limit = limit(asked.get("limit"));
        Position from = position(asked.get("next"));
        boolean bodies = !"false".equals(asked.get("bodies"));
        String state = state(asked.get("state"));
        long now = clock.millis();
        String name = asked.getOrDefault("queue", "");
        Caller there = caller(caller, name, asked.get("region"));
        Queue queue = store.read(tx -> Queues.require(tx, there, path(name)));
        Counts counts = store.read(tx -> Counts.of(tx, queue, now));
        MessageView.Part part = store.read(tx -> MessageView.read(tx, queue, from, limit, now));
        ObjectNode told = MAPPER.createObjectNode();
        told.put("queue", queue.arn());
        told.put("visible", counts.visible());
        told.put("inFlight", counts.inFlight());
        told.put("delayed", counts.delayed());
        ArrayNode messages = told.putArray("messages");
        for (MessageView view : part.messages()) {
            if (state == null || state.equals(word(view.status()))) {
                messages.add(node(queue, view, bodies, now));
            }
        }
        Position next = part.next();
        told.put("next", next == null ? null : next.stamp() + "-" + next.ordinal());
        return told;
    }

    private ObjectNode node(Queue queue, MessageView view, boolean bodies, long nowMillis) {
        StoredMessage message = view.message();
        MessageState state = view.received().state();
        ObjectNode node = MAPPER.createObjectNode();
        node.put("messageId", message.messageId());
        node.put("state", word(view.status()));
        if (view.untilMillis() > 0) {
            node.put("untilMillis", view.untilMillis());
        }
        node.put("sentMillis", message.sentMillis());
        node.put("ageSeconds", (nowMillis - message.sentMillis()) / 1000);
        node.put("receiveCount", message.receiveCount(state));
        putTime(node, "firstReceivedMillis", message.firstReceivedMillis(state));
        putTime(node, "lastReceivedMillis", state.receivedMillis());
        node.put("senderId", message.senderId());
        node.put("group", message.groupId());
        node.put("deduplicationId", message.deduplicationId());
        if (queue.fifo()) {
            node.put("sequenceNumber", view.position().sequenceNumber());
        }
        node.put("trace", message.traceHeader());
        node.put("deadLetterSource", message.sourceArn());
        ObjectNode attributes = node.putObject("attributes");
        message.attributes()
                .forEach((name, attribute) -> {
                    byte[] binary = attribute.binaryValue();
                    attributes
                            .putObject(name)
                            .put("type", attribute.dataType())
                            .put(
                                    "value",
                                    binary == null
                                            ? attribute.stringValue()
                                            : Base64.getEncoder().encodeToString(binary));
                });
        if (bodies) {
            node.put("body", message.body().in(renderings).text());
        }
        return node;
    }

    private static void putTime(ObjectNode node, String name, long millis) {
        if (millis > 0) {
            node.put(name, millis);
        }
    }

    private static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// As [Queues#require] knows it.
    private static String path(String queue) {
        String[] arn = queue.split(":", -1);
        return queue.startsWith("arn:") && arn.length == ARN_PARTS ? arn[4] + "/" + arn[5] : queue;
    }

    private static int limit(@Nullable String text) {
        try {
            int limit = text == null ? SqsLimits.INSPECTION_PAGE : Integer.parseInt(text);
            if (limit >= 1 && limit <= SqsLimits.INSPECTED_MAX) {
                return limit;
            }
        } catch (NumberFormatException _) { // refused below
        }
        throw SqsErrors.invalid(
                "limit must be a number from 1 to " + SqsLimits.INSPECTED_MAX + ".");
    }

    private static @Nullable String state(@Nullable String text) {
        if (text == null || STATES.contains(text)) {
            return text;
        }
        throw SqsErrors.invalid("state must be one of " + String.join(", ", STATES) + ".");
    }

    private static Position position(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return new Position(0, 0);
        }
        String[] parts = text.split("-", -1);
        try {
            return new Position(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
            throw SqsErrors.invalid("next is not one that a page told.");
        }
    }

    static Response json(int status, ObjectNode document) {
        return Response.of(
                status,
                "application/json",
                MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n");
    }
}
