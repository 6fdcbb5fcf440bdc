package io.millrace.bench;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The scenarios of the load benchmark.
final class Scenarios {
    static final String MILLRACE = "millrace";

    private static final Set<Scenario.Api> ECHO = Set.of(Scenario.Api.ECHO);
    private static final Set<Scenario.Api> QUEUES = Set.of(Scenario.Api.SQS);
    private static final Set<Scenario.Api> TOPICS = Set.of(Scenario.Api.SNS, Scenario.Api.SQS);
    private static final Set<Scenario.Api> BUSES = Set.of(Scenario.Api.EVENTS, Scenario.Api.SQS);

    private static final String PAYLOAD = "x".repeat(900);

    private Scenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        all.add(new Scenario("http-ceiling", ECHO, Scenarios::ceiling));
        all.addAll(ItemScenarios.all());
        all.addAll(QueueScenarios.all());
        all.addAll(messaging());
        return all;
    }

    private static List<Scenario> messaging() {
        return List.of(
                new Scenario("sns-1-queue", TOPICS, connection -> publish(connection, 1, false)),
                new Scenario("sns-1-queue-raw", TOPICS, connection -> publish(connection, 1, true)),
                new Scenario("sns-10-ten-sends", QUEUES, Scenarios::tenSends),
                new Scenario("sns-10-queues", TOPICS, connection -> publish(connection, 10, false)),
                new Scenario(
                        "sns-10-queues-raw", TOPICS, connection -> publish(connection, 10, true)),
                new Scenario("put-events-1-rule", BUSES, connection -> events(connection, 1)),
                new Scenario(
                        "put-events-1000-rules", BUSES, connection -> events(connection, 1000)));
    }

    /// The ceiling; beside itself it shows how exact shares of it are.
    private static Scenario.Round ceiling(Connection unused) {
        Request request = echo();
        return (connection, worker, number) -> connection.send(request);
    }

    static Request echo() {
        return Request.echo(PAYLOAD);
    }

    private static String queue(Connection connection, String name) throws IOException {
        return Text.member(
                connection.ask(
                        Request.sqs("CreateQueue", "{\"QueueName\":\"%s\"}".formatted(name))),
                "QueueUrl");
    }

    /// What a publish to ten queues saves.
    private static Scenario.Round tenSends(Connection setup) throws IOException {
        List<Request> sends = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String url = queue(setup, "bench-ten-sends-" + i);
            sends.add(
                    Request.sqs(
                            "SendMessage",
                            "{\"QueueUrl\":\"%s\",\"MessageBody\":\"%s\"}"
                                    .formatted(url, PAYLOAD)));
        }
        return (connection, worker, number) -> {
            for (Request send : sends) {
                connection.send(send);
            }
        };
    }

    private static String queueArn(Connection connection, String name) throws IOException {
        String url = queue(connection, name);
        return Text.member(
                connection.ask(
                        Request.sqs(
                                "GetQueueAttributes",
                                "{\"QueueUrl\":\"%s\",\"AttributeNames\":[\"QueueArn\"]}"
                                        .formatted(url))),
                "QueueArn");
    }

    /// @param raw whether queues get the bare message, which nobody signs
    private static Scenario.Round publish(Connection setup, int queues, boolean raw)
            throws IOException {
        String name = "bench-topic-" + queues + (raw ? "-raw" : "");
        String topic =
                Text.element(
                        setup.ask(
                                Request.sns("Action=CreateTopic&Version=2010-03-31&Name=" + name)),
                        "TopicArn");
        for (int i = 0; i < queues; i++) {
            String arn = queueArn(setup, name + "-" + i);
            setup.send(
                    Request.sns(
                            "Action=Subscribe&Version=2010-03-31&Protocol=sqs&TopicArn="
                                    + encode(topic)
                                    + "&Endpoint="
                                    + encode(arn)
                                    + "&Attributes.entry.1.key=RawMessageDelivery"
                                    + "&Attributes.entry.1.value="
                                    + raw));
        }
        Request request =
                Request.sns(
                        "Action=Publish&Version=2010-03-31&TopicArn="
                                + encode(topic)
                                + "&Message="
                                + PAYLOAD);
        return (connection, worker, number) -> connection.send(request);
    }

    private static Scenario.Round events(Connection setup, int rules) throws IOException {
        String bus = "bench-" + rules;
        try {
            setup.send(Request.events("CreateEventBus", "{\"Name\":\"%s\"}".formatted(bus)));
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("ResourceAlreadyExistsException")) {
                throw e;
            }
        }
        String target = queueArn(setup, "bench-events-" + rules);
        for (int i = 0; i < rules; i++) {
            setup.send(
                    Request.events(
                            "PutRule",
                            """
                            {"Name":"rule-%d","EventBusName":"%s","EventPattern":"{\\"source\\":\
                            [\\"bench\\"],\\"detail\\":{\\"kind\\":[\\"k%d\\"]}}"}\
                            """
                                    .formatted(i, bus, i)));
            setup.send(
                    Request.events(
                            "PutTargets",
                            """
                            {"Rule":"rule-%d","EventBusName":"%s","Targets":[{"Id":"t",\
                            "Arn":"%s"}]}\
                            """
                                    .formatted(i, bus, target)));
        }
        Request request =
                Request.events(
                        "PutEvents",
                        """
                        {"Entries":[{"EventBusName":"%s","Source":"bench","DetailType":"test",\
                        "Detail":"{\\"kind\\":\\"k0\\",\\"data\\":\\"%s\\"}"}]}\
                        """
                                .formatted(bus, PAYLOAD));
        return (connection, worker, number) -> connection.send(request);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
