package io.millrace.service.pipes;

import io.millrace.delivery.PipeFilters;
import io.millrace.engine.Store;
import io.millrace.http.Body;
import io.millrace.http.Response;
import io.millrace.pattern.Arn;
import io.millrace.pattern.EventJson;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.EventPatternExplanation;
import io.millrace.pattern.EventPatternFields;
import io.millrace.wire.Caller;
import io.millrace.wire.ServicePage;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/// `POST /_millrace/pipes/explain`: whether a pipe's filters let an event pass, and why not. The
/// body is JSON: `Name`, and `Event`, as the pipe's target would get it of its source.
final class ExplainPage {
    static final String PATH = "/_millrace/pipes/explain";
    private static final JsonMapper MAPPER =
            EventJson.MAPPER
                    .rebuild()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    private final Store store;
    private final PipeFilters filters;

    ExplainPage(Store store, PipeFilters filters) {
        this.store = store;
        this.filters = filters;
    }

    ServicePage page() {
        return new ServicePage(PATH, Set.of("POST"), (caller, _, body) -> answer(caller, body));
    }

    private Response answer(Caller caller, Body body) {
        JsonNode asked;
        try {
            asked = MAPPER.readTree(new String(body.content(), StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            throw PipesErrors.validation("The body is not JSON: " + e.getOriginalMessage());
        } catch (NumberFormatException _) { // an exponent that no number can have
            throw PipesErrors.validation("The body has a number that cannot be read.");
        }
        String name = asked.path("Name").asString("");
        JsonNode event = asked.path("Event");
        if (!event.isObject() || name.isEmpty()) {
            throw PipesErrors.validation("The body has not both Name and Event, an object.");
        }
        Arn arn = Arn.of("pipes", caller.region(), caller.accountId(), "pipe/" + name);
        PipeFilters.Filters found =
                store.read(snapshot -> filters.find(snapshot, arn))
                        .orElseThrow(() -> PipesErrors.notFound(name));
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("Pipe", found.pipe());
        EventPatternFields fields = EventPatternFields.of(filters.seen(event.toString()));
        ArrayNode explained = MAPPER.createArrayNode();
        boolean passes = found.patterns().isEmpty();
        for (String pattern : found.patterns()) {
            EventPatternExplanation why =
                    EventPattern.parseValid(pattern).explain("filter", fields);
            passes |= why.matched();
            ObjectNode node = explained.addObject();
            node.put("Pattern", pattern);
            node.put("Matched", why.matched());
            node.put("Text", why.matched() ? "matches" : why.misses().getFirst().words());
        }
        answer.put("Passes", passes);
        answer.set("Filters", explained);
        return Response.of(
                200,
                "application/json",
                MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(answer) + "\n");
    }
}
