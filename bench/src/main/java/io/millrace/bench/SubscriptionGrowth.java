package io.millrace.bench;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Subscriptions of a topic, each with a filter policy of its own, of which one lets through what
/// is published: values, beginnings and thresholds. One of a queue; the others are of telephones,
/// since there need not be a queue for each.
final class SubscriptionGrowth implements GrowthSeries {
    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:growth";
    private static final int KINDS = 3;

    @Override
    public String name() {
        return "subscriptions";
    }

    @Override
    public String things() {
        return "subscriptions with filter policies of a topic";
    }

    @Override
    public void prepare(Connection connection) throws IOException {
        connection.send(Request.sns("Action=CreateTopic&Version=2010-03-31&Name=growth"));
        String arn = QueueCalls.arn(connection, QueueCalls.create(connection, "q"));
        connection.send(subscribe("sqs", arn, "{\"kind\":[\"wanted\"]}"));
    }

    @Override
    public void grow(Connection connection, long from, long to) throws IOException {
        long number = from + 1;
        connection.send(subscribe("sms", "+1206%07d".formatted(number), policy(number)));
    }

    private static String policy(long number) {
        return switch ((int) (number % KINDS)) {
            case 0 -> "{\"total\":[{\"numeric\":[\">\"," + number + "]}]}";
            case 1 -> "{\"kind\":[\"k" + number + "\"]}";
            default -> "{\"kind\":[{\"prefix\":\"p" + number + "\"}]}";
        };
    }

    @Override
    public List<Operation> operations(long size) {
        Request publish =
                sns(
                        "Publish",
                        "&Message="
                                + "x".repeat(300)
                                + attribute(1, "kind", "String", "wanted")
                                + attribute(2, "total", "Number", "-1"));
        return List.of(
                new Operation("Publish, one subscription matches", (c, _, _) -> c.send(publish)));
    }

    private static Request subscribe(String protocol, String endpoint, String policy) {
        return sns(
                "Subscribe",
                "&Protocol="
                        + protocol
                        + "&Endpoint="
                        + encode(endpoint)
                        + "&Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value="
                        + encode(policy));
    }

    private static String attribute(int number, String name, String type, String value) {
        String entry = "&MessageAttributes.entry." + number;
        return entry
                + ".Name="
                + name
                + entry
                + ".Value.DataType="
                + type
                + entry
                + ".Value.StringValue="
                + value;
    }

    private static Request sns(String action, String form) {
        return Request.sns(
                "Action=" + action + "&Version=2010-03-31&TopicArn=" + encode(TOPIC) + form);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
