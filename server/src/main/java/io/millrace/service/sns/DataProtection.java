package io.millrace.service.sns;

import io.millrace.service.sns.DataProtectionPolicy.Operation;
import io.millrace.service.sns.DataProtectionPolicy.Span;
import io.millrace.service.sns.DataProtectionPolicy.Statement;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Applies topics' data protection policies: what a publish brings in, and what a subscription
/// gets. The text of messages is looked at, not their attributes. Thread-safe.
final class DataProtection {

    /// What may be published.
    ///
    /// @param findings what an audit found, as AWS logs it; null when none looked
    /// @param logGroup where it is to be logged; null for nowhere
    record Inbound(Publication publication, @Nullable String findings, @Nullable String logGroup) {}

    private static final JsonMapper JSON = new JsonMapper();

    private final Monitoring monitoring;
    private final Map<String, DataProtectionPolicy> compiled = new ConcurrentHashMap<>();

    DataProtection(Monitoring monitoring) {
        this.monitoring = monitoring;
    }

    /// The publication without what the topic's policy wants left out; refuses what it denies.
    Inbound inbound(Topic topic, String principalArn, Publication publication) {
        DataProtectionPolicy policy = policy(topic);
        if (policy == null) {
            return new Inbound(publication, null, null);
        }
        String findings = null;
        String logGroup = null;
        Publication result = publication;
        boolean denied = false;
        for (Statement statement : policy.statements()) {
            if (!statement.inbound() || !statement.applies(principalArn)) {
                continue;
            }
            switch (statement.operation()) {
                case Operation.Audit(int percent, String group) -> {
                    logGroup = group;
                    if (Math.floorMod(monitoring.random(), 100) < percent) {
                        findings = findings(topic, principalArn, publication, statement);
                    }
                }
                case Operation.Deny _ -> denied |= finds(statement, publication);
                case Operation.Deidentify(Character mask) ->
                        result = without(statement, mask, result);
            }
        }
        if (denied) {
            log(topic, findings);
            throw SnsErrors.denied();
        }
        return new Inbound(result, findings, logGroup);
    }

    /// Keeps what an audit found, once the publish has committed.
    void log(Topic topic, @Nullable String findings) {
        if (findings != null) {
            monitoring.writeFindings(topic.arn(), findings);
        }
    }

    /// The policy of a topic that protects what is delivered; null when there is none.
    @Nullable DataProtectionPolicy outbound(Topic topic) {
        DataProtectionPolicy policy = policy(topic);
        return policy != null && policy.hasOutbound() ? policy : null;
    }

    /// What subscriptions of a principal get; empty when that is denied.
    static Optional<Publication> outbound(
            DataProtectionPolicy policy, String principalArn, Publication publication) {
        Publication result = publication;
        for (Statement statement : policy.statements()) {
            if (statement.inbound() || !statement.applies(principalArn)) {
                continue;
            }
            switch (statement.operation()) {
                case Operation.Audit _ -> {} // of publishes only
                case Operation.Deny _ -> {
                    if (finds(statement, publication)) {
                        return Optional.empty();
                    }
                }
                case Operation.Deidentify(Character mask) ->
                        result = without(statement, mask, result);
            }
        }
        return Optional.of(result);
    }

    private @Nullable DataProtectionPolicy policy(Topic topic) {
        String json = topic.attributes().get(TopicAttributes.DATA_PROTECTION_POLICY);
        if (json == null) {
            return null;
        }
        if (compiled.size() > SnsLimits.CACHED_PROTECTION_POLICIES) {
            compiled.clear();
        }
        return compiled.computeIfAbsent(json, DataProtectionCheck::parse);
    }

    private static boolean finds(Statement statement, Publication publication) {
        for (String body : publication.bodies().values()) {
            if (!DataProtectionPolicy.find(statement, body).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static Publication without(
            Statement statement, @Nullable Character mask, Publication publication) {
        Map<String, String> bodies = new LinkedHashMap<>();
        publication
                .bodies()
                .forEach((variant, body) -> {
                    boolean[] hidden = new boolean[body.length()];
                    DataProtectionPolicy.find(statement, body)
                            .values()
                            .forEach(spans -> spans.forEach(span -> hide(hidden, span)));
                    bodies.put(variant, without(body, hidden, mask));
                });
        return bodies.equals(publication.bodies()) ? publication : publication.withBodies(bodies);
    }

    private static void hide(boolean[] hidden, Span span) {
        for (int i = span.start(); i < span.end(); i++) {
            hidden[i] = true;
        }
    }

    private static String without(String body, boolean[] hidden, @Nullable Character mask) {
        StringBuilder text = new StringBuilder(body.length());
        for (int i = 0; i < body.length(); i++) {
            if (!hidden[i]) {
                text.append(body.charAt(i));
            } else if (mask != null) {
                text.append(mask.charValue());
            }
        }
        return text.toString();
    }

    /// In the form of AWS's log, which has no text of the message in it.
    private String findings(
            Topic topic, String principalArn, Publication publication, Statement statement) {
        ObjectNode root = JSON.createObjectNode();
        root.put("messageId", publication.messageId());
        root.put(
                "auditTimestamp",
                Instant.ofEpochMilli(monitoring.nowMillis())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
        root.put("callerPrincipal", principalArn);
        root.put("resourceArn", topic.arn().toString());
        ArrayNode identifiers = root.putArray("dataIdentifiers");
        Map<String, List<Span>> found =
                new HashMap<>(
                        DataProtectionPolicy.find(
                                statement, publication.body(Publication.DEFAULT)));
        found.forEach((name, spans) -> {
            ObjectNode identifier = identifiers.addObject();
            identifier.put("name", name).put("count", spans.size());
            ArrayNode detections = identifier.putArray("detections");
            for (Span span : spans.subList(0, Math.min(spans.size(), SnsLimits.DETECTIONS))) {
                detections.addObject().put("start", span.start()).put("end", span.end());
            }
        });
        return root.toString();
    }
}
