package io.millrace.trace;

import io.millrace.engine.Store;
import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.wire.Caller;
import io.millrace.wire.QueryString;
import io.millrace.wire.ServicePage;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// `GET /_millrace/trace/ID` tells what became of an event, a message or a stream record, by any id
/// that it has or had, or by the root of its X-Ray trace; `GET /_millrace/trace?bus=…&limit=…`
/// lists what was accepted last. Whoever asks sees what concerns the own account.
public final class TracePage {
    private static final String PATH = "/_millrace/trace";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final TraceLog log;
    private final TraceReader reader;

    public TracePage(Store store, TraceLog log) {
        this.log = log;
        this.reader = new TraceReader(store, log);
    }

    /// Both paths, for the service whose permissions count.
    public List<ServicePage> pages() {
        return List.of(
                new ServicePage(
                        PATH, Set.of("GET", "HEAD"), (caller, request, _) -> list(caller, request)),
                new ServicePage(
                        PATH + "/",
                        Set.of("GET", "HEAD"),
                        (caller, request, _) -> one(caller, request)));
    }

    private Response one(Caller caller, Request request) {
        String id;
        try {
            id =
                    URLDecoder.decode(
                            request.path().substring(PATH.length() + 1), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return json(400, MAPPER.createObjectNode().put("message", e.getMessage()));
        }
        TraceReader.Found found = reader.find(id);
        List<Hop> hops = found.hops();
        if (hops.stream().noneMatch(hop -> TraceReader.isOf(hop, caller.accountId()))) {
            return json(404, MAPPER.createObjectNode().put("message", unknown(id)));
        }
        ObjectNode answer = MAPPER.createObjectNode().put("id", id);
        ArrayNode ids = answer.putArray("ids");
        found.ids().forEach(ids::add);
        answer.put("complete", found.complete());
        ArrayNode told = answer.putArray("hops");
        hops.forEach(hop -> told.add(node(hop)));
        return json(200, answer);
    }

    private String unknown(String id) {
        return log.isOn()
                ? "Nothing is known of "
                        + id
                        + ": it never came here, or it came longer ago than traces are kept."
                : "Traces are not kept: the server was started with --trace-retention 0.";
    }

    private Response list(Caller caller, Request request) {
        Map<String, String> asked = QueryString.parameters(request.query());
        int limit;
        try {
            String text = asked.get("limit");
            limit = text == null ? TraceLimits.RECENT_DEFAULT : Integer.parseInt(text);
        } catch (NumberFormatException _) {
            limit = 0;
        }
        if (limit < 1 || limit > TraceLimits.RECENT_MAX) {
            return json(
                    400,
                    MAPPER.createObjectNode()
                            .put("message", "limit is not from 1 to " + TraceLimits.RECENT_MAX));
        }
        String bus = asked.getOrDefault("bus", "");
        String arn =
                bus.isEmpty() || bus.startsWith("arn:")
                        ? bus
                        : "arn:aws:events:"
                                + caller.region()
                                + ":"
                                + caller.accountId()
                                + ":event-bus/"
                                + bus;
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("lost", log.lostCount());
        ArrayNode events = answer.putArray("events");
        for (Hop hop : reader.recent(arn, caller.accountId(), limit)) {
            if (TraceReader.isOf(hop, caller.accountId())) {
                events.add(node(hop));
            }
        }
        return json(200, answer);
    }

    private static ObjectNode node(Hop hop) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("time", Instant.ofEpochMilli(hop.millis()).toString());
        node.put("id", hop.id());
        node.put("what", hop.kind().words());
        node.put("by", hop.by());
        if (hop.to() != null) {
            node.put("to", hop.to());
        }
        if (hop.link() != null) {
            node.put("link", hop.link());
        }
        ObjectNode details = node.putObject("details");
        new TreeMap<>(hop.details()).forEach(details::put);
        node.put("text", HopText.of(hop));
        return node;
    }

    private static Response json(int status, ObjectNode answer) {
        return Response.of(
                status,
                "application/json",
                MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(answer) + "\n");
    }
}
