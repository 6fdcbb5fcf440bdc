package io.millrace.service.schemas;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Writes the shape of events as an OpenAPI 3 document, as AWS's discovery does: the envelope is
/// `AWSEvent`, the detail is named after the detail type, and each object in it after its property.
/// Source: [creating a schema from event
/// JSON](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schemas-infer-from-json.html).
final class OpenApiText {
    static final String ENVELOPE = "AWSEvent";
    static final String REFERENCE = "#/components/schemas/";

    /// The order in which AWS has them.
    private static final List<String> REQUIRED =
            List.of(
                    "detail-type",
                    "resources",
                    "detail",
                    "id",
                    "source",
                    "time",
                    "region",
                    "version",
                    "account");

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Map<String, ObjectNode> schemas = new LinkedHashMap<>();

    private OpenApiText() {}

    /// The shape of all events of a bus with details of this shape.
    static EventShape event(EventShape detail) {
        EventShape text = EventShape.of(EventShape.STRING | EventShape.TEXT);
        Map<String, EventShape> properties = new TreeMap<>();
        REQUIRED.forEach(name -> properties.put(name, text));
        properties.put("time", EventShape.of(EventShape.STRING));
        properties.put("resources", EventShape.array(text));
        properties.put("detail", detail);
        return EventShape.object(properties);
    }

    /// A document for events with an envelope.
    static ObjectNode ofEvents(String source, String detailType, EventShape event) {
        OpenApiText text = new OpenApiText();
        String title = Names.title(detailType);
        ObjectNode envelope = MAPPER.createObjectNode();
        ObjectNode detail = MAPPER.createObjectNode();
        text.schemas.put(ENVELOPE, envelope);
        text.schemas.put(title, detail);
        envelope.put("type", "object");
        Set<String> required = new LinkedHashSet<>(REQUIRED);
        required.retainAll(event.required());
        required.addAll(event.required());
        put(envelope.putArray("required"), required);
        envelope.put("x-amazon-events-detail-type", detailType);
        envelope.put("x-amazon-events-source", source);
        ObjectNode properties = envelope.putObject("properties");
        properties.putObject("detail").put("$ref", REFERENCE + title);
        event.properties()
                .forEach((name, shape) -> {
                    if (!name.equals("detail")) {
                        properties.set(name, text.write(withTexts(name, shape), title, name));
                    }
                });
        EventShape shape = event.properties().getOrDefault("detail", EventShape.NONE);
        if (shape.types() == EventShape.OBJECT) {
            text.fill(detail, shape, title);
        } else {
            detail.setAll((ObjectNode) text.write(shape, title, title));
        }
        return text.document(title);
    }

    /// Whether a list of resources was always empty, it is one of texts.
    private static EventShape withTexts(String name, EventShape shape) {
        return name.equals("resources") && EventShape.array(EventShape.NONE).equals(shape)
                ? EventShape.array(EventShape.of(EventShape.STRING | EventShape.TEXT))
                : shape;
    }

    /// A document for anything else, under the name `Event`.
    static ObjectNode ofValues(EventShape shape) {
        OpenApiText text = new OpenApiText();
        String title = Names.title("");
        ObjectNode event = MAPPER.createObjectNode();
        text.schemas.put(title, event);
        if (shape.types() == EventShape.OBJECT) {
            text.fill(event, shape, title);
        } else {
            event.setAll((ObjectNode) text.write(shape, title, title));
        }
        return text.document(title);
    }

    private ObjectNode document(String title) {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("openapi", "3.0.0");
        document.putObject("info").put("version", "1.0.0").put("title", title);
        document.putObject("paths");
        ObjectNode all = document.putObject("components").putObject("schemas");
        schemas.forEach(all::set);
        return document;
    }

    /// The schema of a value.
    ///
    /// @param parent the title of the object that it is in
    /// @param name the property that it is
    private JsonNode write(EventShape shape, String parent, String name) {
        ArrayNode choices = MAPPER.createArrayNode();
        if (shape.has(EventShape.BOOLEAN)) {
            choices.addObject().put("type", "boolean");
        }
        if (shape.has(EventShape.NUMBER)) {
            choices.addObject().put("type", "number").put("format", "double");
        } else if (shape.has(EventShape.INTEGER)) {
            choices.addObject().put("type", "integer").put("format", "int64");
        }
        if (shape.has(EventShape.STRING)) {
            ObjectNode text = choices.addObject().put("type", "string");
            if (!shape.has(EventShape.TEXT)) {
                text.put("format", "date-time");
            }
        }
        if (shape.has(EventShape.ARRAY)) {
            choices.add(array(shape.items(), parent));
        }
        if (shape.has(EventShape.OBJECT)) {
            choices.add(object(shape, name));
        }
        return choice(choices, shape.has(EventShape.NULL));
    }

    private static ObjectNode choice(ArrayNode choices, boolean nullable) {
        if (choices.isEmpty()) {
            return MAPPER.createObjectNode(); // nothing or null: nothing is known
        }
        ObjectNode choice = (ObjectNode) choices.get(0);
        if (choices.size() > 1) {
            choice = MAPPER.createObjectNode();
            choice.set("anyOf", choices);
        } else if (nullable && choice.has("$ref")) { // beside a reference, nothing counts
            choice = MAPPER.createObjectNode();
            choice.set("allOf", choices);
        }
        return nullable ? choice.put("nullable", true) : choice;
    }

    private ObjectNode array(@Nullable EventShape items, String parent) {
        ObjectNode array = MAPPER.createObjectNode().put("type", "array");
        if (items == null || items.types() == 0) {
            array.putObject("items").put("type", "object"); // as AWS has it for empty arrays
        } else {
            array.set("items", write(items, parent, parent + "Item"));
        }
        return array;
    }

    private ObjectNode object(EventShape shape, String name) {
        EventShape values = shape.values();
        ObjectNode object = MAPPER.createObjectNode();
        String title = Names.title(name);
        if (values != null) {
            object.put("type", "object");
            object.set("additionalProperties", write(values, title, title + "Value"));
            return object;
        }
        if (shape.properties().isEmpty()) {
            return object.put("type", "object");
        }
        String free = title;
        for (int i = 1; schemas.containsKey(free); i++) { // ends at a name that is not taken
            free = title + "_" + i;
        }
        schemas.put(free, object);
        fill(object, shape, free);
        return MAPPER.createObjectNode().put("$ref", REFERENCE + free);
    }

    private void fill(ObjectNode object, EventShape shape, String title) {
        object.put("type", "object");
        EventShape values = shape.values();
        if (values != null) {
            object.set("additionalProperties", write(values, title, title + "Value"));
            return;
        }
        if (!shape.required().isEmpty()) {
            put(object.putArray("required"), shape.required());
        }
        ObjectNode properties = object.putObject("properties");
        shape.properties().forEach((name, each) -> properties.set(name, write(each, title, name)));
    }

    private static void put(ArrayNode list, Set<String> names) {
        names.forEach(list::add);
    }
}
