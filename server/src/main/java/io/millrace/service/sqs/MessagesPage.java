package io.millrace.service.sqs;

import io.millrace.api.codec.JsonShapeWriter;
import io.millrace.api.codec.QueryXml;
import io.millrace.api.sqs.Message;
import io.millrace.api.sqs.MessageAttributeValue;
import io.millrace.api.sqs.ReceiveMessageResult;
import io.millrace.api.sqs.SqsApi;
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

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `/_aws/sqs/messages`: the messages of a queue without receiving them, in the forms that tools
/// know from LocalStack: the answer of `ReceiveMessage` in XML, or in JSON for those who accept
/// that; and as the endpoint of an SDK, of which `ReceiveMessage` only looks then. At most the
/// first thousand messages. Source:
/// [documentation](https://docs.localstack.cloud/aws/services/sqs/) and its public tests.
final class MessagesPage {
    private static final String PATH = "/_aws/sqs/messages";
    private static final Set<String> METHODS = Set.of("GET", "POST");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Selection ALL = new Selection(Set.of("All"), List.of("All"));
    private static final String NO_HANDLE = "SQS/BACKDOOR/ACCESS";
    private static final String JSON_TYPE = "application/x-amz-json-1.0";

    private final Store store;
    private final InstantSource clock;
    private final Renderings renderings;

    MessagesPage(Store store, InstantSource clock, Renderings renderings) {
        this.store = store;
        this.clock = clock;
        this.renderings = renderings;
    }

    ServicePage page() {
        return new ServicePage(PATH, METHODS, this::answer);
    }

    /// `/_aws/sqs/messages/REGION/ACCOUNT/QUEUE`
    ServicePage pageByPath() {
        return new ServicePage(PATH + "/", METHODS, this::answer);
    }

    private Response answer(Caller caller, Request request, Body body) {
        String target = request.header("x-amz-target");
        boolean json = String.valueOf(request.header("accept")).contains("json");
        try {
            if (target != null) {
                checkAction(target.substring(target.indexOf('.') + 1));
                ReceiveMessageResult result = result(caller, requestOf(request, body));
                return new Response(
                        200, Map.of("Content-Type", JSON_TYPE), JsonShapeWriter.write(result));
            }
            Map<String, String> asked = parameters(request, body);
            checkAction(asked.getOrDefault("Action", "ReceiveMessage"));
            ReceiveMessageResult result = result(caller, asked);
            return json
                    ? json(200, document(result, caller.requestId()))
                    : xml(
                            200,
                            QueryXml.response(
                                    SqsApi.MODEL,
                                    SqsApi.RECEIVE_MESSAGE,
                                    result,
                                    caller.requestId()));
        } catch (ServiceException e) {
            if (target != null) {
                throw e; // the gateway words it
            }
            int status = e.error().queryHttpStatus();
            return json
                    ? json(status, document(e, caller.requestId()))
                    : xml(
                            status,
                            QueryXml.error(
                                    SqsApi.MODEL,
                                    e.error(),
                                    e.message(),
                                    null,
                                    caller.requestId()));
        }
    }

    private static void checkAction(String action) {
        if (!action.equals("ReceiveMessage")) {
            throw SqsErrors.onlyReceives();
        }
    }

    private static Map<String, String> parameters(Request request, Body body) {
        Map<String, String> asked = new LinkedHashMap<>(QueryString.parameters(request.query()));
        if (request.method().equals("POST")) {
            asked.putAll(
                    QueryString.parameters(new String(body.content(), StandardCharsets.UTF_8)));
        }
        String path = request.path();
        String[] parts = path.substring(PATH.length()).split("/", -1);
        if (parts.length == 4) { // of /region/account/queue
            asked.put("region", parts[1]);
            asked.put("QueueUrl", parts[2] + "/" + parts[3]);
        }
        return asked;
    }

    private static Map<String, String> requestOf(Request request, Body body) {
        Map<String, String> asked = new LinkedHashMap<>(QueryString.parameters(request.query()));
        try {
            JsonNode url = MAPPER.readTree(body.content()).path("QueueUrl");
            asked.put("QueueUrl", url.asString(""));
        } catch (JacksonException _) {
            throw SqsErrors.queueDoesNotExist();
        }
        return asked;
    }

    private ReceiveMessageResult result(Caller caller, Map<String, String> asked) {
        String url = asked.getOrDefault("QueueUrl", "");
        Caller there = Inspection.caller(caller, url, asked.get("region"));
        boolean invisible = isTrue(asked.get("ShowInvisible"));
        boolean delayed = isTrue(asked.get("ShowDelayed"));
        long now = clock.millis();
        Queue queue = store.read(tx -> Queues.require(tx, there, url));
        List<Message> messages = new ArrayList<>();
        Position from = new Position(0, 0);
        int lookedCount = 0;
        long characters = 0;
        while (from != null
                && messages.size() < SqsLimits.INSPECTED_MAX
                && characters < SqsLimits.INSPECTED_CHARACTERS_MAX
                && lookedCount < SqsLimits.LOOKED_MAX) { // each part moves on
            Position start = from;
            MessageView.Part part =
                    store.read(tx ->
                            MessageView.read(tx, queue, start, SqsLimits.INSPECTION_PAGE, now));
            lookedCount += SqsLimits.INSPECTION_PAGE;
            for (MessageView view : part.messages()) {
                if (isShown(view, invisible, delayed)) {
                    Message message = message(queue, view);
                    characters += String.valueOf(message.body()).length();
                    messages.add(message);
                }
            }
            from = part.next();
        }
        return ReceiveMessageResult.builder()
                .messages(messages.isEmpty() ? null : messages)
                .build();
    }

    private static boolean isShown(MessageView view, boolean invisible, boolean delayed) {
        return switch (view.status()) {
            case VISIBLE -> true;
            case DELAYED -> delayed;
            case IN_FLIGHT, BLOCKED -> invisible;
        };
    }

    private Message message(Queue queue, MessageView view) {
        Message message = ALL.apply(queue, view.received(), renderings);
        Map<String, String> attributes = new LinkedHashMap<>();
        if (message.attributes() != null) {
            attributes.putAll(message.attributes());
        }
        boolean waits = view.status() == Status.IN_FLIGHT || view.status() == Status.BLOCKED;
        attributes.put("IsVisible", Boolean.toString(!waits));
        attributes.put("IsDelayed", Boolean.toString(view.status() == Status.DELAYED));
        return Message.builder()
                .messageId(message.messageId())
                .receiptHandle(NO_HANDLE)
                .md5OfBody(message.md5OfBody())
                .body(message.body())
                .attributes(attributes)
                .md5OfMessageAttributes(message.md5OfMessageAttributes())
                .messageAttributes(message.messageAttributes())
                .build();
    }

    private static boolean isTrue(@Nullable String value) {
        return value != null && (value.equalsIgnoreCase("true") || value.equals("1"));
    }

    /// The XML answer as JSON: what stands there once is a value, what stands there more often a
    /// list.
    private static ObjectNode document(ReceiveMessageResult result, String requestId) {
        ObjectNode document = MAPPER.createObjectNode();
        ObjectNode response = document.putObject("ReceiveMessageResponse");
        List<Message> messages = result.messages();
        if (messages == null) {
            response.putNull("ReceiveMessageResult");
        } else {
            List<ObjectNode> nodes = messages.stream().map(MessagesPage::node).toList();
            put(response.putObject("ReceiveMessageResult"), "Message", nodes);
        }
        response.putObject("ResponseMetadata").put("RequestId", requestId);
        return document;
    }

    private static ObjectNode node(Message message) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("MessageId", message.messageId());
        node.put("ReceiptHandle", message.receiptHandle());
        node.put("MD5OfBody", message.md5OfBody());
        node.put("Body", message.body());
        List<ObjectNode> attributes = new ArrayList<>();
        Map<String, String> system = message.attributes();
        if (system != null) {
            system.forEach((name, value) ->
                    attributes.add(
                            MAPPER.createObjectNode().put("Name", name).put("Value", value)));
        }
        put(node, "Attribute", attributes);
        Map<String, MessageAttributeValue> own = message.messageAttributes();
        if (own != null) {
            node.put("MD5OfMessageAttributes", message.md5OfMessageAttributes());
            List<ObjectNode> values = new ArrayList<>();
            own.forEach((name, value) -> values.add(attribute(name, value)));
            put(node, "MessageAttribute", values);
        }
        return node;
    }

    private static ObjectNode attribute(String name, MessageAttributeValue value) {
        ObjectNode node = MAPPER.createObjectNode().put("Name", name);
        ObjectNode typed = node.putObject("Value");
        byte[] binary = value.binaryValue();
        if (binary != null) {
            typed.put("BinaryValue", Base64.getEncoder().encodeToString(binary));
        } else {
            typed.put("StringValue", value.stringValue());
        }
        typed.put("DataType", value.dataType());
        return node;
    }

    private static void put(ObjectNode parent, String name, List<ObjectNode> nodes) {
        if (nodes.size() == 1) {
            parent.set(name, nodes.getFirst());
        } else {
            ArrayNode array = parent.putArray(name);
            nodes.forEach(array::add);
        }
    }

    private static ObjectNode document(ServiceException e, String requestId) {
        ObjectNode document = MAPPER.createObjectNode();
        ObjectNode response = document.putObject("ErrorResponse");
        response.putObject("Error")
                .put("Type", "Sender")
                .put("Code", e.error().queryCodeOrCode())
                .put("Message", e.message());
        response.put("RequestId", requestId);
        return document;
    }

    private static Response json(int status, ObjectNode document) {
        return Response.of(status, "application/json", MAPPER.writeValueAsString(document));
    }

    private static Response xml(int status, byte[] document) {
        return new Response(status, Map.of("Content-Type", "text/xml"), document);
    }
}
