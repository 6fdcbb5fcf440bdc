package io.millrace.wire;

import io.millrace.api.ErrorModel;
import io.millrace.api.Member;
import io.millrace.api.OperationModel;
import io.millrace.api.Schema;
import io.millrace.api.Shape;
import io.millrace.api.ShapeWriter;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// awsQuery's answers for clients that accept only JSON, as Kubernetes' AWS authenticator does: the
/// envelopes of the XML under the model's names, flattened maps as lists of entries. AWS does not
/// document it; LocalStack's tests, which pass at AWS, and clients of STS show it.
final class QueryJson implements ShapeWriter {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonNode at;
    private @Nullable String entry; // the name of the next value, where it is a map's

    private QueryJson(JsonNode at) {
        this.at = at;
    }

    /// `{"XResponse":{"XResult":{…},"ResponseMetadata":{"RequestId":…}}}`.
    static byte[] response(OperationModel<?, ?> operation, Shape output, String requestId) {
        ObjectNode root = NODES.objectNode();
        ObjectNode response = root.putObject(operation.name() + "Response");
        String wrapper = operation.resultWrapper();
        if (wrapper != null) {
            output.write(new QueryJson(response.putObject(wrapper)));
        }
        response.putObject("ResponseMetadata").put("RequestId", requestId);
        return MAPPER.writeValueAsBytes(root);
    }

    /// `{"Error":{"Code":…,"Message":…,"Type":"Sender"},"RequestId":…}`.
    static byte[] error(ErrorModel error, String message, String requestId) {
        ObjectNode root = NODES.objectNode();
        root.putObject("Error")
                .put("Code", error.queryCodeOrCode())
                .put("Message", message)
                .put("Type", error.senderFault() ? "Sender" : "Receiver");
        root.put("RequestId", requestId);
        return MAPPER.writeValueAsBytes(root);
    }

    @Override
    public void begin(Schema<?> schema) {
        // whoever shows a structure has made its object
    }

    @Override
    public void end() {
        // see begin
    }

    @Override
    public void string(Member member, @Nullable String value) {
        put(member, value == null ? null : NODES.stringNode(value));
    }

    @Override
    public void bool(Member member, @Nullable Boolean value) {
        put(member, value == null ? null : NODES.booleanNode(value));
    }

    @Override
    public void integer(Member member, @Nullable Integer value) {
        put(member, value == null ? null : NODES.numberNode(value.intValue()));
    }

    @Override
    public void longInteger(Member member, @Nullable Long value) {
        put(member, value == null ? null : NODES.numberNode(value.longValue()));
    }

    @Override
    public void floatNumber(Member member, @Nullable Float value) {
        put(member, value == null ? null : NODES.numberNode(value.floatValue()));
    }

    @Override
    public void doubleNumber(Member member, @Nullable Double value) {
        put(member, value == null ? null : NODES.numberNode(value.doubleValue()));
    }

    @Override
    public void blob(Member member, byte @Nullable [] value) {
        put(member, value == null ? null : NODES.binaryNode(value));
    }

    @Override
    public void timestamp(Member member, @Nullable Instant value) {
        put(member, value == null ? null : NODES.numberNode(value.getEpochSecond()));
    }

    @Override
    public void structure(Member member, @Nullable Shape value) {
        if (value == null) {
            put(member, null);
            return;
        }
        ObjectNode node = NODES.objectNode();
        put(member, node);
        within(node, () -> value.write(this));
    }

    @Override
    public <T> void list(Member member, @Nullable List<T> value, ElementWriter<? super T> element) {
        if (value == null) {
            put(member, null);
            return;
        }
        ArrayNode node = NODES.arrayNode();
        put(member, node);
        within(node, () -> value.forEach(one -> element.write(this, member.element(), one)));
    }

    @Override
    public <T> void map(
            Member member, @Nullable Map<String, T> value, ElementWriter<? super T> element) {
        if (value == null) {
            put(member, null);
            return;
        }
        ArrayNode entries = NODES.arrayNode();
        ObjectNode object = NODES.objectNode();
        put(member, member.flattened() ? entries : object);
        value.forEach((key, one) -> {
            ObjectNode into = object;
            if (member.flattened()) {
                into = entries.addObject().put(member.key().queryName(), key);
            }
            within(
                    into,
                    () -> {
                        entry = member.flattened() ? member.element().queryName() : key;
                        element.write(this, member.element(), one);
                    });
        });
    }

    private void within(JsonNode node, Runnable writing) {
        JsonNode outer = at;
        at = node;
        writing.run();
        at = outer;
    }

    /// Members that are absent are left out; inside a list or a map a null has to hold its place.
    private void put(Member member, @Nullable JsonNode value) {
        String name = entry;
        entry = null;
        if (value == null && member.index() >= 0) {
            return;
        }
        JsonNode shown = value == null ? NODES.nullNode() : value;
        if (at instanceof ArrayNode array) {
            array.add(shown);
        } else if (at instanceof ObjectNode object) {
            object.set(name == null ? member.name() : name, shown);
        }
    }
}
