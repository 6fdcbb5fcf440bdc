package io.millrace.service.sns;

import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.pattern.Arn;
import io.millrace.wire.Page;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// `GET /_millrace/sns/metrics`: the counts of all topics, or of those whose ARN begins with
/// `topic`. `GET /_millrace/sns/delivery-status?topic=…` and `GET
/// /_millrace/sns/data-protection?topic=…`: what a topic logged. As JSON.
final class MonitoringPages {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String TOPIC = "topic=";

    private MonitoringPages() {}

    static List<Page> of(TopicMetrics metrics, DeliveryLog log, InstantSource clock) {
        return List.of(
                new Page("/_millrace/sns/metrics", request -> counts(metrics, request)),
                new Page(
                        "/_millrace/sns/delivery-status",
                        request ->
                                lines(
                                        log,
                                        clock.millis(),
                                        request,
                                        topic ->
                                                List.of(
                                                        Monitoring.group(topic, true),
                                                        Monitoring.group(topic, false)))),
                new Page(
                        "/_millrace/sns/data-protection",
                        request ->
                                lines(
                                        log,
                                        clock.millis(),
                                        request,
                                        topic -> List.of(Monitoring.findingsGroup(topic)))));
    }

    private static Response counts(TopicMetrics metrics, Request request) {
        ObjectNode topics = JSON.createObjectNode();
        metrics.counted(topic(request))
                .forEach((topic, counts) -> {
                    ObjectNode node = topics.putObject(topic);
                    counts.forEach(node::put);
                });
        return json(200, topics);
    }

    private static Response lines(
            DeliveryLog log, long nowMillis, Request request, Function<Arn, List<String>> groups) {
        Optional<Arn> topic = Arn.parse(topic(request));
        if (topic.isEmpty()) {
            return json(400, JSON.createObjectNode().put("message", "topic= needs an ARN"));
        }
        ObjectNode root = JSON.createObjectNode();
        for (String group : groups.apply(topic.get())) {
            ArrayNode lines = root.putArray(group);
            log.lines(group, nowMillis).forEach(line -> lines.add(JSON.readTree(line)));
        }
        return json(200, root);
    }

    /// The parameter `topic`; empty when it is not there.
    private static String topic(Request request) {
        for (String parameter : request.query().split("&", -1)) {
            if (parameter.startsWith(TOPIC)) {
                return URLDecoder.decode(
                        parameter.substring(TOPIC.length()), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private static Response json(int status, ObjectNode node) {
        return Response.of(status, "application/json", node.toString());
    }
}
