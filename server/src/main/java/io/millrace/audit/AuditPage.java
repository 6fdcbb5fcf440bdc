package io.millrace.audit;

import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.wire.Caller;
import io.millrace.wire.QueryString;
import io.millrace.wire.ServicePage;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// `GET /_millrace/audit?since=…&until=…&user=…&action=…&error=…&limit=…&token=…`: the records of
/// the own account's calls, the newest first. Times are as in `2026-11-26T03:00:00Z`; a user is
/// found by a part of the ARN or the access key, an action by its name or a part of
/// `sqs:CreateQueue` in any case; `error=any` finds all that was refused, another text a part of
/// the error's code.
public final class AuditPage {
    private static final String PATH = "/_millrace/audit";
    private static final String ANY = "any";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final AuditLog log;

    public AuditPage(AuditLog log) {
        this.log = log;
    }

    /// For the service whose permissions count.
    public ServicePage page() {
        return new ServicePage(
                PATH, Set.of("GET", "HEAD"), (caller, request, _) -> answer(caller, request));
    }

    private Response answer(Caller caller, Request request) {
        if (!log.isOn()) {
            return message(404, "Calls are not recorded: the server was started with --audit off.");
        }
        Map<String, String> asked = QueryString.parameters(request.query());
        try {
            String limit = asked.get("limit");
            int count = limit == null ? AuditLimits.PAGE_SIZE : Integer.parseInt(limit);
            if (count < 1 || count > AuditLimits.PAGE_SIZE_MAX) {
                return message(400, "limit is not from 1 to " + AuditLimits.PAGE_SIZE_MAX);
            }
            AuditLog.Page page =
                    log.page(
                            caller.accountId(),
                            instant(asked.get("since")),
                            instant(asked.get("until")),
                            count,
                            asked.get("token"),
                            filter(asked));
            return json(page);
        } catch (DateTimeException | IllegalArgumentException e) {
            return message(400, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    private static Predicate<String> filter(Map<String, String> asked) {
        String user = lower(asked.get("user"));
        String action = lower(asked.get("action"));
        String error = lower(asked.get("error"));
        if (user.isEmpty() && action.isEmpty() && error.isEmpty()) {
            return _ -> true;
        }
        return text -> {
            JsonNode record = MAPPER.readTree(text);
            JsonNode identity = record.path("userIdentity");
            String source = record.path("eventSource").asString("").replace(".amazonaws.com", "");
            String code = record.path("errorCode").asString("");
            return has(
                            List.of(
                                    identity.path("arn").asString(""),
                                    identity.path("accessKeyId").asString("")),
                            user)
                    && has(List.of(source + ":" + record.path("eventName").asString("")), action)
                    && (error.equals(ANY) ? !code.isEmpty() : has(List.of(code), error));
        };
    }

    private static boolean has(List<String> texts, String part) {
        return part.isEmpty() || texts.stream().anyMatch(text -> lower(text).contains(part));
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }

    private Response json(AuditLog.Page page) {
        ObjectNode answer = MAPPER.createObjectNode();
        ArrayNode records = answer.putArray("records");
        page.records().forEach(record -> records.add(MAPPER.readTree(record)));
        if (page.nextToken() != null) {
            answer.put("nextToken", page.nextToken());
        }
        answer.put("unsignedOmitted", log.omittedCount());
        return Response.of(
                200,
                "application/json",
                MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(answer) + "\n");
    }

    private static Response message(int status, String message) {
        return Response.of(
                status,
                "application/json",
                MAPPER.createObjectNode().put("message", message) + "\n");
    }
}
