package io.millrace.service.schemas;

import io.millrace.api.schemas.GetDiscoveredSchemaRequest;
import io.millrace.api.schemas.GetDiscoveredSchemaResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Objects;

/// `GetDiscoveredSchema`: the schema of the events that the request has; nothing is kept. Error:
/// `BadRequestException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/schema-reference/v1-discover.html).
final class GetDiscoveredSchema
        implements Operation<GetDiscoveredSchemaRequest, GetDiscoveredSchemaResponse> {

    /// Of what events the schema is.
    private record Kind(String source, String detailType) {}

    @Override
    public GetDiscoveredSchemaResponse handle(Caller caller, GetDiscoveredSchemaRequest request) {
        EventShape shape = EventShape.NONE;
        @Nullable Kind kind = null;
        boolean first = true;
        for (String event : request.events()) {
            JsonNode document = document(event);
            EventShape each =
                    EventShapes.of(event)
                            .orElseThrow(() ->
                                    SchemasErrors.badRequest(
                                            "Events are inferred from up to "
                                                    + SchemasLimits.DEPTH_MAX
                                                    + " levels."));
            @Nullable Kind kindOfEach = kind(document);
            if (!first && !Objects.equals(kind, kindOfEach)) {
                throw SchemasErrors.badRequest("All events must be of a single type.");
            }
            first = false;
            kind = kindOfEach;
            shape = shape.merge(each);
        }
        ObjectNode openApi =
                kind == null
                        ? OpenApiText.ofValues(shape)
                        : OpenApiText.ofEvents(kind.source(), kind.detailType(), shape);
        boolean draftFour = request.type().equals(StoredVersion.JSON_SCHEMA);
        return GetDiscoveredSchemaResponse.builder()
                .content((draftFour ? DraftFour.of(openApi) : openApi).toString())
                .build();
    }

    private static JsonNode document(String event) {
        if (event.length() > SchemasLimits.CONTENT_LENGTH_MAX) {
            throw SchemasErrors.badRequest(
                    "An event must not have more than "
                            + SchemasLimits.CONTENT_LENGTH_MAX
                            + " characters.");
        }
        try {
            return ContentCheck.read(event);
        } catch (ServiceException _) {
            throw SchemasErrors.badRequest("Event is not a valid JSON object.");
        }
    }

    /// Null for what does not have the envelope of an event.
    private static @Nullable Kind kind(JsonNode event) {
        JsonNode source = event.path("source");
        JsonNode detailType = event.path("detail-type");
        return source.isString() && detailType.isString() && event.path("detail").isObject()
                ? new Kind(source.stringValue(), detailType.stringValue())
                : null;
    }
}
