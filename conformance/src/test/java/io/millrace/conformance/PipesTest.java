package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import io.millrace.Eventually;
import io.millrace.junit.MillraceExtension;
import io.millrace.junit.MillraceServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationHttpMethod;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.pipes.model.ConflictException;
import software.amazon.awssdk.services.pipes.model.CreatePipeRequest;
import software.amazon.awssdk.services.pipes.model.DynamoDBStreamStartPosition;
import software.amazon.awssdk.services.pipes.model.NotFoundException;
import software.amazon.awssdk.services.pipes.model.PipeState;
import software.amazon.awssdk.services.pipes.model.PipesException;
import software.amazon.awssdk.services.pipes.model.RequestedPipeState;
import software.amazon.awssdk.services.pipes.model.ValidationException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// EventBridge Pipes through the AWS SDK for Java v2: what comes to a source passes the filter, the
/// enrichment and the template, and comes to the target, in order, and nothing else does.
@ExtendWith(MillraceExtension.class)
final class PipesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Clients aws;

    PipesTest(MillraceServer server) {
        this.aws = new Clients(server.endpoint(), server.freshAccount());
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    @SuppressWarnings("unchecked") // arrays of builders' consumers, which the SDK makes of them
    void movesMessagesFromQueueToQueue() {
        String in = queue("in", Map.of());
        String out = queue("out", Map.of());
        create(
                "p",
                arn("sqs", "in"),
                arn("sqs", "out"),
                pipe ->
                        pipe.sourceParameters(source ->
                                        source.filterCriteria(filter ->
                                                filter.filters(each ->
                                                        each.pattern(
                                                                "{\"body\":{\"n\":[{\"numeric\":"
                                                                        + "[\">\",1]}]}}"))))
                                .targetParameters(target ->
                                        target.inputTemplate(
                                                "{\"number\":<$.body.n>,\"pipe\":\"<aws.pipes.pipe-name>\","
                                                        + "\"text\":\"<$.body.text>\"}")));

        for (int n = 0; n < 4; n++) {
            String body = "{\"n\":" + n + ",\"text\":\"t" + n + "\"}";
            aws.sqs.sendMessage(request -> request.queueUrl(in).messageBody(body));
        }

        assertThat(receive(out, 2))
                .containsExactlyInAnyOrder(
                        "{\"number\":2,\"pipe\":\"p\",\"text\":\"t2\"}",
                        "{\"number\":3,\"pipe\":\"p\",\"text\":\"t3\"}");
        awaitEmpty(in);
    }

    @Test
    void keepsTheOrderOfAFifoQueue() {
        String in = queue("in.fifo", Map.of(QueueAttributeName.FIFO_QUEUE, "true"));
        String out = queue("out.fifo", Map.of(QueueAttributeName.FIFO_QUEUE, "true"));
        create(
                "p",
                arn("sqs", "in.fifo"),
                arn("sqs", "out.fifo"),
                pipe ->
                        pipe.targetParameters(target ->
                                target.inputTemplate("<$.body>")
                                        .sqsQueueParameters(queue ->
                                                queue.messageGroupId("$.attributes.MessageGroupId")
                                                        .messageDeduplicationId(
                                                                "$.attributes.MessageDeduplicationId"))));
        List<String> sent = new ArrayList<>();
        for (int n = 0; n < 25; n++) {
            String body = "m" + n;
            sent.add(body);
            aws.sqs.sendMessage(request ->
                    request.queueUrl(in)
                            .messageBody(body)
                            .messageGroupId("g")
                            .messageDeduplicationId(body));
        }

        assertThat(receive(out, 25)).containsExactlyElementsOf(sent);
    }

    @Test
    void tellsABusOfATablesChangesAndGoesOnWhereItStopped() {
        String stream = aws.createTable("orders", StreamViewType.NEW_IMAGE);
        String out = queue("out", Map.of());
        aws.events.createEventBus(request -> request.name("orders"));
        aws.events.putRule(request ->
                request.name("r")
                        .eventBusName("orders")
                        .eventPattern(
                                "{\"detail-type\":[\"OrderChanged\"],\"source\":[\"shop\"]}"));
        aws.events.putTargets(request ->
                request.rule("r")
                        .eventBusName("orders")
                        .targets(
                                Target.builder()
                                        .id("t")
                                        .arn(arn("sqs", "out"))
                                        .inputPath("$.detail.id")
                                        .build()));
        create(
                "p",
                stream,
                arn("events", "event-bus/orders"),
                pipe ->
                        pipe.sourceParameters(source ->
                                        source.dynamoDBStreamParameters(table ->
                                                table.startingPosition(
                                                                DynamoDBStreamStartPosition
                                                                        .TRIM_HORIZON)
                                                        .batchSize(5)))
                                .targetParameters(target ->
                                        target.inputTemplate("{\"id\":<$.dynamodb.Keys.id.S>}")
                                                .eventBridgeEventBusParameters(bus ->
                                                        bus.source("shop")
                                                                .detailType("OrderChanged"))));

        put("a");
        put("b");
        assertThat(receive(out, 2)).containsExactlyInAnyOrder("\"a\"", "\"b\"");
        aws.pipes.stopPipe(request -> request.name("p"));
        await("p", PipeState.STOPPED);
        put("c");
        aws.pipes.startPipe(request -> request.name("p"));
        await("p", PipeState.RUNNING);
        put("d");
        assertThat(receive(out, 2)).containsExactlyInAnyOrder("\"c\"", "\"d\"");

        aws.pipes.updatePipe(request ->
                request.name("p")
                        .roleArn(role())
                        .targetParameters(target ->
                                target.inputTemplate("{\"id\":\"new <$.dynamodb.Keys.id.S>\"}")
                                        .eventBridgeEventBusParameters(bus ->
                                                bus.source("shop").detailType("OrderChanged"))));
        await("p", PipeState.RUNNING);
        put("e");
        assertThat(receive(out, 1)).containsExactly("\"new e\"");
    }

    @Test
    void enrichesByAnApiDestination() throws IOException {
        String in = queue("in", Map.of());
        String out = queue("out", Map.of());
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/price/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    byte[] asked = exchange.getRequestBody().readAllBytes();
                    byte[] answer =
                            ("[{\"asked\":"
                                            + new String(asked, StandardCharsets.UTF_8)
                                            + ",\"path\":\""
                                            + path
                                            + "\"},{\"asked\":0}]")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        try {
            String destination = destination(server.getAddress().getPort());
            create(
                    "p",
                    arn("sqs", "in"),
                    arn("sqs", "out"),
                    pipe ->
                            pipe.enrichment(destination)
                                    .enrichmentParameters(enrichment ->
                                            enrichment
                                                    .inputTemplate("{\"sku\":<$.body.sku>}")
                                                    .httpParameters(http ->
                                                            http.pathParameterValues(
                                                                    "$.body.sku"))));

            aws.sqs.sendMessage(request -> request.queueUrl(in).messageBody("{\"sku\":\"s7\"}"));

            assertThat(receive(out, 2))
                    .containsExactlyInAnyOrder(
                            "{\"asked\":{\"sku\":\"s7\"},\"path\":\"/price/s7\"}", "{\"asked\":0}");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void describesListsTagsAndDeletes() {
        queue("in", Map.of());
        queue("out", Map.of());
        create(
                "first",
                arn("sqs", "in"),
                arn("sqs", "out"),
                pipe -> pipe.desiredState(RequestedPipeState.STOPPED).tags(Map.of("team", "a")));

        var pipe = aws.pipes.describePipe(request -> request.name("first"));

        assertThat(pipe.currentState()).isEqualTo(PipeState.STOPPED);
        assertThat(pipe.arn()).isEqualTo(arn("pipes", "pipe/first"));
        assertThat(pipe.sourceParameters().sqsQueueParameters().batchSize()).isEqualTo(10);
        assertThat(pipe.tags()).containsEntry("team", "a");
        aws.pipes.tagResource(request -> request.resourceArn(pipe.arn()).tags(Map.of("b", "c")));
        aws.pipes.untagResource(request -> request.resourceArn(pipe.arn()).tagKeys("team"));
        assertThat(aws.pipes.listTagsForResource(r -> r.resourceArn(pipe.arn())).tags())
                .containsOnly(Map.entry("b", "c"));
        assertThat(aws.pipes.listPipes(request -> request.namePrefix("fi")).pipes())
                .singleElement()
                .satisfies(each -> assertThat(each.source()).isEqualTo(arn("sqs", "in")));
        assertThatThrownBy(() ->
                        aws.pipes.createPipe(request ->
                                request.name("first")
                                        .roleArn(role())
                                        .source(arn("sqs", "in"))
                                        .target(arn("sqs", "out"))))
                .isInstanceOf(ConflictException.class);
        aws.pipes.deletePipe(request -> request.name("first"));
        awaitGone("first");
    }

    @Test
    void refusesWhatCannotBe() {
        queue("in", Map.of());
        assertThatThrownBy(() -> aws.pipes.describePipe(request -> request.name("none")))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> request("kinesis", "stream/s", arn("sqs", "in")))
                .isInstanceOf(PipesException.class)
                .hasMessageContaining("Kinesis");
        assertThatThrownBy(() -> request("dynamodb", "table/t/stream/2026", arn("sqs", "in")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("SourceParameters.DynamoDBStreamParameters")
                .hasMessageContaining("Missing required parameter.");
    }

    @Test
    void saysWhyAPipeCannotRun() {
        queue("in", Map.of());
        aws.pipes.createPipe(request ->
                request.name("p")
                        .roleArn(role())
                        .source(arn("sqs", "in"))
                        .target(arn("lambda", "function:f")));

        await("p", PipeState.CREATE_FAILED);

        assertThat(aws.pipes.describePipe(request -> request.name("p")).stateReason())
                .contains("function:f");
    }

    private void request(String service, String resource, String target) {
        aws.pipes.createPipe(request ->
                request.name("x").roleArn(role()).source(arn(service, resource)).target(target));
    }

    private void create(
            String name, String source, String target, Consumer<CreatePipeRequest.Builder> more) {
        aws.pipes.createPipe(request -> {
            request.name(name).roleArn(role()).source(source).target(target);
            more.accept(request);
        });
        CreatePipeRequest.Builder asked = CreatePipeRequest.builder();
        more.accept(asked);
        boolean stopped = asked.build().desiredState() == RequestedPipeState.STOPPED;
        await(name, stopped ? PipeState.STOPPED : PipeState.RUNNING);
    }

    private void await(String name, PipeState state) {
        Eventually.see(
                name + " " + state,
                () -> aws.pipes.describePipe(request -> request.name(name)).currentState(),
                current -> current == state);
    }

    private void awaitGone(String name) {
        Eventually.holds(
                "the end of " + name,
                () -> {
                    try {
                        aws.pipes.describePipe(request -> request.name(name));
                        return false;
                    } catch (NotFoundException _) {
                        return true;
                    }
                });
    }

    private String destination(int port) {
        String connection =
                aws.events
                        .createConnection(request ->
                                request.name("c")
                                        .authorizationType(ConnectionAuthorizationType.API_KEY)
                                        .authParameters(parameters ->
                                                parameters.apiKeyAuthParameters(key ->
                                                        key.apiKeyName("X-Key")
                                                                .apiKeyValue("secret"))))
                        .connectionArn();
        return aws.events
                .createApiDestination(request ->
                        request.name("d")
                                .connectionArn(connection)
                                .httpMethod(ApiDestinationHttpMethod.POST)
                                .invocationEndpoint("http://127.0.0.1:" + port + "/price/*"))
                .apiDestinationArn();
    }

    private void put(String id) {
        aws.dynamodb.putItem(request ->
                request.tableName("orders").item(Map.of("id", AttributeValue.fromS(id))));
    }

    private String queue(String name, Map<QueueAttributeName, String> attributes) {
        return aws.sqs
                .createQueue(request -> request.queueName(name).attributes(attributes))
                .queueUrl();
    }

    /// The bodies of the next messages, deleted.
    private List<String> receive(String url, int count) {
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 10 && bodies.size() < count; i++) {
            List<Message> messages =
                    aws.sqs
                            .receiveMessage(request ->
                                    request.queueUrl(url)
                                            .maxNumberOfMessages(10)
                                            .waitTimeSeconds(10))
                            .messages();
            for (Message message : messages) {
                bodies.add(text(message.body()));
                aws.sqs.deleteMessage(
                        request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
            }
        }
        return bodies;
    }

    /// JSON without white space, so that it can be compared.
    private static String text(String body) {
        if (!body.startsWith("{")) {
            return body;
        }
        JsonNode json = JSON.readTree(body);
        return json.toString();
    }

    private void awaitEmpty(String url) {
        Map<QueueAttributeName, String> empty =
                Map.of(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0",
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE, "0");
        Eventually.see(
                "an empty queue",
                () ->
                        aws.sqs
                                .getQueueAttributes(request ->
                                        request.queueUrl(url).attributeNames(empty.keySet()))
                                .attributes(),
                empty::equals);
    }

    private String role() {
        return "arn:aws:iam::" + aws.account() + ":role/pipe";
    }

    private String arn(String service, String resource) {
        return "arn:aws:" + service + ":us-east-1:" + aws.account() + ":" + resource;
    }
}
