package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;
import io.millrace.conformance.faults.DeliveryChecker.Promise;

import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationHttpMethod;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.pipes.model.DynamoDBStreamStartPosition;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The ways on which something that is sent in one service comes out in another.
final class Flows {
    private static final Pattern NAME = Pattern.compile("\"n\"\\s*:\\s*\"(s\\d+-\\d+)\"");
    private static final Pattern WIDE = Pattern.compile("wide (s\\d+-\\d+) x");
    private static final Pattern TOKEN = Pattern.compile("\"Token\"\\s*:\\s*\"([^\"]+)\"");
    private static final DateTimeFormatter AT =
            DateTimeFormatter.ofPattern("'at('uuuu-MM-dd'T'HH:mm:ss')'").withZone(ZoneOffset.UTC);

    /// More than a round takes, however its clock is moved.
    private static final Duration SPAN = Duration.ofDays(2);

    /// Long enough to be shared.
    private static final String SHARED_TEXT = "x".repeat(4000);

    private Flows() {}

    static Map<String, Workload> all(World world) {
        Map<String, Workload> flows = new LinkedHashMap<>();
        flows.put("topic", new Flow(world, 1, Flows::topic));
        flows.put("wide topic", new Flow(world, 1, Flows::wideTopic));
        flows.put("FIFO topic", new Flow(world, 2, Flows::fifoTopic));
        flows.put("rules", new Flow(world, 2, Flows::rules));
        flows.put("archive", new Flow(world, 1, Flows::archive));
        flows.put("schedules", new Flow(world, 1, Flows::schedules));
        flows.put("queue pipe", new Flow(world, 1, Flows::queuePipe));
        flows.put("stream pipe", new Flow(world, 1, Flows::streamPipe));
        flows.put("dead letters moved back", new Flow(world, 1, Flows::moves));
        return flows;
    }

    /// To two queues and to an HTTP endpoint.
    private static void topic(Flow flow) {
        Clients aws = flow.world().aws();
        String topic = aws.sns.createTopic(request -> request.name("topic")).topicArn();
        for (String name : new String[] {"topic-a", "topic-b"}) {
            String queue = flow.endQueue(name, Promise.ONCE, UnaryOperator.identity());
            subscribe(aws, topic, "sqs", queue);
        }
        String address =
                flow.endAddress(
                        "topic",
                        body -> {
                            Matcher token = TOKEN.matcher(body);
                            if (!token.find()) {
                                return body;
                            }
                            Calls.insist(() ->
                                    aws.sns.confirmSubscription(request ->
                                            request.topicArn(topic).token(token.group(1))));
                            return "";
                        });
        subscribe(aws, topic, "http", address);
        flow.sendBy(
                "sns Publish",
                name -> aws.sns.publish(request -> request.topicArn(topic).message(name)));
    }

    /// A text that is stored once for the three queues that get it, each in an envelope.
    private static void wideTopic(Flow flow) {
        Clients aws = flow.world().aws();
        String topic = aws.sns.createTopic(request -> request.name("wide")).topicArn();
        for (String name : new String[] {"wide-a", "wide-b", "wide-c"}) {
            String queue = flow.endQueue(name, Promise.ONCE, Flows::wide);
            aws.sns.subscribe(request -> request.topicArn(topic).protocol("sqs").endpoint(queue));
        }
        flow.sendBy(
                "sns Publish",
                name ->
                        aws.sns.publish(request ->
                                request.topicArn(topic)
                                        .message("wide " + name + " " + SHARED_TEXT)));
    }

    /// To a FIFO queue, each sender in a group of its own.
    private static void fifoTopic(Flow flow) {
        Clients aws = flow.world().aws();
        String topic =
                aws.sns
                        .createTopic(request ->
                                request.name("topic.fifo")
                                        .attributes(
                                                Map.of(
                                                        "FifoTopic",
                                                        "true",
                                                        "ContentBasedDeduplication",
                                                        "true")))
                        .topicArn();
        String queue = flow.endQueue("topic.fifo", Promise.ONCE_IN_ORDER, UnaryOperator.identity());
        subscribe(aws, topic, "sqs", queue);
        flow.sendBy(
                "sns Publish",
                name ->
                        aws.sns.publish(request ->
                                request.topicArn(topic)
                                        .message(name)
                                        .messageGroupId(name.substring(0, name.indexOf('-')))));
    }

    private static void subscribe(Clients aws, String topic, String protocol, String endpoint) {
        aws.sns.subscribe(request ->
                request.topicArn(topic)
                        .protocol(protocol)
                        .endpoint(endpoint)
                        .attributes(Map.of("RawMessageDelivery", "true")));
    }

    /// To a queue once, and to an API destination at least once.
    private static void rules(Flow flow) {
        World world = flow.world();
        Clients aws = world.aws();
        aws.events.createEventBus(request -> request.name("bus"));
        Target queue =
                Target.builder()
                        .id("queue")
                        .arn(flow.endQueue("rule", Promise.ONCE, Flows::named))
                        .build();
        String connection =
                aws.events
                        .createConnection(request ->
                                request.name("connection")
                                        .authorizationType(ConnectionAuthorizationType.API_KEY)
                                        .authParameters(auth ->
                                                auth.apiKeyAuthParameters(key ->
                                                        key.apiKeyName("X-Key")
                                                                .apiKeyValue("key"))))
                        .connectionArn();
        String address = flow.endAddress("destination", Flows::named);
        String destination =
                aws.events
                        .createApiDestination(request ->
                                request.name("destination")
                                        .connectionArn(connection)
                                        .httpMethod(ApiDestinationHttpMethod.POST)
                                        .invocationEndpoint(address))
                        .apiDestinationArn();
        Target api = Target.builder().id("api").arn(destination).roleArn(world.role()).build();
        aws.events.putRule(request ->
                request.name("rule").eventBusName("bus").eventPattern("{\"source\":[\"flow\"]}"));
        aws.events.putTargets(
                request -> request.rule("rule").eventBusName("bus").targets(queue, api));
        flow.sendBy("events PutEvents", name -> put(aws, "bus", "flow", name));
    }

    /// Into an archive, and by a replay in the end to a queue.
    private static void archive(Flow flow) {
        World world = flow.world();
        Clients aws = world.aws();
        String bus = aws.events.createEventBus(to -> to.name("archived")).eventBusArn();
        String archive =
                aws.events
                        .createArchive(request ->
                                request.archiveName("archive")
                                        .eventSourceArn(bus)
                                        .eventPattern("{\"source\":[\"flow\"]}"))
                        .archiveArn();
        Target end =
                Target.builder()
                        .id("t")
                        .arn(flow.endQueue("replayed", Promise.ONCE, Flows::named))
                        .build();
        aws.events.putRule(request ->
                request.name("replayed")
                        .eventBusName("archived")
                        .eventPattern("{\"replay-name\":[\"replay\"]}"));
        aws.events.putTargets(
                request -> request.rule("replayed").eventBusName("archived").targets(end));
        flow.sendBy("events PutEvents", name -> put(aws, "archived", "flow", name));
        flow.inTheEnd(() -> {
            try {
                aws.events.startReplay(request ->
                        request.replayName("replay")
                                .eventSourceArn(archive)
                                .eventStartTime(world.clock().instant().minus(SPAN))
                                .eventEndTime(world.clock().most().instant().plus(SPAN))
                                .destination(to -> to.arn(bus)));
            } catch (ResourceAlreadyExistsException _) {
                // the call before this one, whose answer was lost
            }
        });
    }

    private static void put(Clients aws, String bus, String source, String name) {
        PutEventsRequestEntry entry =
                PutEventsRequestEntry.builder()
                        .eventBusName(bus)
                        .source(source)
                        .detailType("t")
                        .detail("{\"n\":\"" + name + "\"}")
                        .build();
        if (aws.events.putEvents(request -> request.entries(entry)).failedEntryCount() > 0) {
            throw SdkClientException.create("the entry failed");
        }
    }

    /// One-time schedules whose time comes soon.
    private static void schedules(Flow flow) {
        World world = flow.world();
        String queue = flow.endQueue("scheduled", Promise.ONCE, UnaryOperator.identity());
        flow.sendBy(
                "scheduler CreateSchedule",
                name -> {
                    Instant time = world.clock().instant().plusSeconds(2);
                    world.aws()
                            .scheduler
                            .createSchedule(request ->
                                    request.name(name)
                                            .scheduleExpression(AT.format(time))
                                            .flexibleTimeWindow(window ->
                                                    window.mode(FlexibleTimeWindowMode.OFF))
                                            .actionAfterCompletion(ActionAfterCompletion.DELETE)
                                            .target(target ->
                                                    target.arn(queue)
                                                            .roleArn(world.role())
                                                            .input(name)));
                });
    }

    /// From a queue to another. The names of the deliveries are no hindrance to a second one.
    private static void queuePipe(Flow flow) {
        World world = flow.world();
        String source = flow.queue("piped", Map.of());
        String target = flow.endQueue("pipe-end", Promise.ONCE, UnaryOperator.identity());
        world.aws()
                .pipes
                .createPipe(request ->
                        request.name("queue")
                                .roleArn(world.role())
                                .source(source)
                                .target(target)
                                .targetParameters(
                                        parameters -> parameters.inputTemplate("<$.body>")));
        sendTo(flow, "piped");
    }

    private static void sendTo(Flow flow, String queue) {
        Clients aws = flow.world().aws();
        String url = aws.sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
        flow.sendBy(
                "sqs SendMessage",
                name -> aws.sqs.sendMessage(request -> request.queueUrl(url).messageBody(name)));
    }

    /// From a table's stream to a bus, and by a rule to a queue.
    private static void streamPipe(Flow flow) {
        World world = flow.world();
        Clients aws = world.aws();
        String stream = aws.createTable("piped", StreamViewType.NEW_AND_OLD_IMAGES);
        String end = flow.endQueue("stream-end", Promise.ONCE, Flows::named);
        aws.events.putRule(
                request -> request.name("piped").eventPattern("{\"source\":[\"Pipe stream\"]}"));
        aws.events.putTargets(request ->
                request.rule("piped").targets(Target.builder().id("t").arn(end).build()));
        aws.pipes.createPipe(request ->
                request.name("stream")
                        .roleArn(world.role())
                        .source(stream)
                        .sourceParameters(source ->
                                source.dynamoDBStreamParameters(table ->
                                        table.startingPosition(
                                                DynamoDBStreamStartPosition.TRIM_HORIZON)))
                        .target("arn:aws:events:us-east-1:" + aws.account() + ":event-bus/default")
                        .targetParameters(
                                target -> target.inputTemplate("{\"n\":<$.dynamodb.Keys.id.S>}")));
        flow.sendBy(
                "dynamodb PutItem",
                name ->
                        aws.dynamodb.putItem(request ->
                                request.tableName("piped")
                                        .item(Map.of("id", AttributeValue.fromS(name)))));
    }

    /// Sent to a queue that serves as a dead-letter queue; tasks move them back, again and again.
    private static void moves(Flow flow) {
        Clients aws = flow.world().aws();
        String dead = flow.queue("moved", Map.of());
        String source = flow.endQueue("moved-end", Promise.ONCE, UnaryOperator.identity());
        String url = aws.sqs.getQueueUrl(request -> request.queueName("moved-end")).queueUrl();
        String policy = "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":1000}".formatted(dead);
        aws.sqs.setQueueAttributes(request ->
                request.queueUrl(url)
                        .attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)));
        sendTo(flow, "moved");
        flow.meanwhile(
                "sqs StartMessageMoveTask",
                () ->
                        aws.sqs.startMessageMoveTask(
                                request -> request.sourceArn(dead).destinationArn(source)));
    }

    private static String wide(String body) {
        Matcher matcher = WIDE.matcher(body);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String named(String body) {
        Matcher matcher = NAME.matcher(body);
        return matcher.find() ? matcher.group(1) : "";
    }
}
