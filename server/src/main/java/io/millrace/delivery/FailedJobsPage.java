package io.millrace.delivery;

import io.millrace.api.ErrorModel;
import io.millrace.http.Body;
import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.ServiceException;
import io.millrace.wire.ServicePage;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the outbox gave up and no dead-letter queue took: `GET /_millrace/outbox/failed`, the
/// newest first (`?limit=`, 100 unless it says otherwise, at most 1,000), and `POST
/// /_millrace/outbox/redrive` with `{"id": "…"}`, `{"target": "<ARN>"}` or `{"all": true}`, which
/// sends them again with all their attempts. Who signed sees what is his account's.
public final class FailedJobsPage {
    private static final String FAILED = "/_millrace/outbox/failed";
    private static final String REDRIVE = "/_millrace/outbox/redrive";
    private static final ErrorModel INVALID = ErrorModel.of("ValidationException", 400);
    private static final Pattern LIMIT = Pattern.compile("(?:^|&)limit=([0-9]{1,4})(?:&|$)");
    private static final JsonMapper JSON = new JsonMapper();

    private final Outbox outbox;

    /// Shows one outbox.
    public FailedJobsPage(Outbox outbox) {
        this.outbox = outbox;
    }

    /// The pages, for a service to show.
    public List<ServicePage> pages() {
        return List.of(
                new ServicePage(FAILED, Set.of("GET"), this::failed),
                new ServicePage(REDRIVE, Set.of("POST"), this::redrive));
    }

    private Response failed(Caller caller, Request request, Body body) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode jobs = answer.putArray("jobs");
        int limit = limit(request);
        outbox.eachFailed(failed -> {
            if (jobs.size() < limit && isOf(caller, failed)) {
                jobs.add(shown(failed));
            }
            return jobs.size() < limit;
        });
        return json(answer);
    }

    private static int limit(Request request) {
        Matcher matcher = LIMIT.matcher(request.query());
        int limit =
                matcher.find() ? Integer.parseInt(matcher.group(1)) : DeliveryLimits.FAILED_SHOWN;
        return Math.min(limit, DeliveryLimits.FAILED_SHOWN_MAX);
    }

    /// Unsigned requests come through in development mode alone.
    private static boolean isOf(Caller caller, FailedJob failed) {
        return caller.isAnonymous()
                || Arn.parse(failed.job().target())
                        .filter(arn -> arn.accountId().equals(caller.accountId()))
                        .isPresent();
    }

    private static ObjectNode shown(FailedJob failed) {
        return JSON.createObjectNode()
                .put("id", failed.id())
                .put("kind", failed.job().kind())
                .put("target", failed.job().target())
                .put("failed", failed.failed().toString())
                .put("errorCode", failed.failure().errorCode())
                .put("errorMessage", failed.failure().errorMessage())
                .put("payload", new String(failed.job().payload(), StandardCharsets.UTF_8));
    }

    private Response redrive(Caller caller, Request request, Body body) {
        JsonNode asked;
        try {
            asked = JSON.readTree(body.content());
        } catch (JacksonException _) { // said in other words
            throw new ServiceException(INVALID, "The body is not JSON.");
        }
        String id = asked.path("id").asString("");
        String target = asked.path("target").asString("");
        boolean all = asked.path("all").asBoolean(false);
        if (id.isEmpty() && target.isEmpty() && !all) {
            throw new ServiceException(INVALID, "Give an id, a target, or all.");
        }
        List<String> wanted = new ArrayList<>();
        outbox.eachFailed(failed -> {
            boolean named = failed.id().equals(id) || failed.job().target().equals(target);
            if ((all || named) && isOf(caller, failed)) {
                wanted.add(failed.id());
            }
            return true; // at most so many as are kept
        });
        int count = 0;
        for (String one : wanted) {
            count += outbox.redrive(one) ? 1 : 0;
        }
        return json(JSON.createObjectNode().put("redriven", count));
    }

    private static Response json(ObjectNode answer) {
        return Response.of(200, "application/json", JSON.writeValueAsString(answer) + "\n");
    }
}
