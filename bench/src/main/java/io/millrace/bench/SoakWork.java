package io.millrace.bench;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// The mixed work of the soak. Whoever sends receives and deletes too, tables have a fixed number
/// of keys, what is made for once is removed again, and the rest has a retention: so the data stay
/// of one size.
final class SoakWork {
    private static final int ITEMS = 2_000;
    private static final int SORT_KEYS = 20;
    private static final int DRAINS_MAX = 50;
    private static final int GROUPS = 100;
    private static final String TEXT = "x".repeat(300);
    private static final String ROLE = "arn:aws:iam::000000000000:role/soak";

    private final Connection setup;
    private final double scale;
    private final List<SoakTask> tasks = new ArrayList<>();

    private SoakWork(Connection setup, double scale) {
        this.setup = setup;
        this.scale = scale;
    }

    /// Makes what the work needs.
    ///
    /// @param scale 1 for about 450 rounds a second together
    static List<SoakTask> prepare(Connection setup, double scale) throws IOException {
        SoakWork work = new SoakWork(setup, scale);
        work.items();
        work.queues();
        work.topics();
        work.buses();
        work.schedules();
        work.keys();
        work.churn();
        return work.tasks;
    }

    private void task(String name, double perSecond, Scenario.Round round) {
        tasks.add(SoakTask.of(name, perSecond * scale, round));
    }

    /// Items of a table with a stream, and a pipe from the stream to a queue.
    private void items() throws IOException {
        String created =
                setup.ask(
                        Request.dynamodb(
                                "CreateTable",
                                """
                                {"TableName":"soak","BillingMode":"PAY_PER_REQUEST",\
                                "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},\
                                {"AttributeName":"sk","AttributeType":"N"},\
                                {"AttributeName":"state","AttributeType":"S"}],\
                                "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},\
                                {"AttributeName":"sk","KeyType":"RANGE"}],\
                                "GlobalSecondaryIndexes":[{"IndexName":"states","KeySchema":\
                                [{"AttributeName":"state","KeyType":"HASH"}],\
                                "Projection":{"ProjectionType":"KEYS_ONLY"}}],\
                                "StreamSpecification":{"StreamEnabled":true,\
                                "StreamViewType":"NEW_AND_OLD_IMAGES"}}\
                                """));
        String piped = queue("soak-piped");
        setup.send(
                Request.rest(
                        "POST",
                        "/v1/pipes/soak",
                        "pipes",
                        """
                        {"RoleArn":"%s","Source":"%s","Target":"%s",\
                        "SourceParameters":{"DynamoDBStreamParameters":\
                        {"StartingPosition":"LATEST","BatchSize":10}}}\
                        """
                                .formatted(
                                        ROLE,
                                        Text.member(created, "LatestStreamArn"),
                                        QueueCalls.arn(setup, piped))));
        task("put-item", 60, (c, _, n) -> c.send(item("PutItem", "Item", n, values(n))));
        task("get-item", 100, (c, _, n) -> c.send(item("GetItem", "Key", n, "")));
        task("update-item", 40, (c, _, n) -> c.send(update(n)));
        task("delete-item", 10, (c, _, n) -> c.send(item("DeleteItem", "Key", n, "")));
        task("query", 40, (c, _, n) -> c.send(query(n)));
        task("transact-write", 10, (c, _, n) -> c.send(transact(n)));
        task("pipe-receive", 5, (c, _, _) -> drain(c, piped, 0));
    }

    private static String key(long number) {
        long item = (number * 31) % ITEMS;
        return "\"pk\":{\"S\":\"p%d\"},\"sk\":{\"N\":\"%d\"}"
                .formatted(item / SORT_KEYS, item % SORT_KEYS);
    }

    private static String values(long number) {
        return ",\"state\":{\"S\":\"s%d\"},\"number\":{\"N\":\"%d\"},\"text\":{\"S\":\"%s\"}"
                .formatted(number % 10, number, TEXT);
    }

    private static Request item(String operation, String member, long number, String values) {
        return Request.dynamodb(
                operation,
                "{\"TableName\":\"soak\",\"%s\":{%s%s}}".formatted(member, key(number), values));
    }

    private static Request update(long number) {
        return Request.dynamodb(
                "UpdateItem",
                """
                {"TableName":"soak","Key":{%s},"UpdateExpression":"SET #s = :s ADD visits :one",\
                "ExpressionAttributeNames":{"#s":"state"},\
                "ExpressionAttributeValues":{":s":{"S":"s%d"},":one":{"N":"1"}}}\
                """
                        .formatted(key(number), number % 10));
    }

    private static Request query(long number) {
        return Request.dynamodb(
                "Query",
                """
                {"TableName":"soak","KeyConditionExpression":"pk = :p","Limit":10,\
                "ExpressionAttributeValues":{":p":{"S":"p%d"}}}\
                """
                        .formatted(number % (ITEMS / SORT_KEYS)));
    }

    private static Request transact(long number) {
        String put = "{\"Put\":{\"TableName\":\"soak\",\"Item\":{%s%s}}}";
        return Request.dynamodb(
                "TransactWriteItems",
                "{\"TransactItems\":[%s,%s],\"ClientRequestToken\":\"soak-%d\"}"
                        .formatted(
                                put.formatted(key(2 * number), values(number)),
                                put.formatted(key(2 * number + 1), values(number)),
                                number));
    }

    private void queues() throws IOException {
        String standard = queue("soak-standard");
        String fifo = queue("soak.fifo");
        task(
                "sqs-cycle",
                40,
                (c, _, _) -> {
                    c.send(QueueCalls.send(standard, TEXT));
                    drain(c, standard, 0);
                });
        task(
                "sqs-cycle-fifo",
                20,
                (c, _, n) -> {
                    c.send(QueueCalls.send(fifo, TEXT, "g" + n % GROUPS, "soak-" + n));
                    drain(c, fifo, 0);
                });
        task("sqs-long-poll", 1, (c, _, _) -> c.send(QueueCalls.receive(queue(c, "empty"), 1, 1)));
    }

    /// A topic with a queue that gets what is published, and one whose filter lets nothing through.
    private void topics() throws IOException {
        String topic = topic(setup, "soak");
        String url = queue("soak-subscribed");
        subscribe(setup, topic, QueueCalls.arn(setup, url), "{\"kind\":[\"wanted\"]}");
        subscribe(
                setup,
                topic,
                QueueCalls.arn(setup, queue("soak-spared")),
                "{\"kind\":[{\"prefix\":\"no\"}]}");
        Request publish =
                sns(
                        "Publish",
                        "&TopicArn="
                                + encode(topic)
                                + "&Message="
                                + TEXT
                                + "&MessageAttributes.entry.1.Name=kind"
                                + "&MessageAttributes.entry.1.Value.DataType=String"
                                + "&MessageAttributes.entry.1.Value.StringValue=wanted");
        task(
                "sns-publish-receive",
                30,
                (c, _, _) -> {
                    c.send(publish);
                    drain(c, url, 1);
                });
    }

    /// A bus whose rules tell a queue and a log group.
    private void buses() throws IOException {
        setup.send(logs("CreateLogGroup", "{\"logGroupName\":\"soak\"}"));
        setup.send(logs("PutRetentionPolicy", "{\"logGroupName\":\"soak\",\"retentionInDays\":1}"));
        setup.send(
                logs(
                        "CreateLogStream",
                        "{\"logGroupName\":\"soak\",\"logStreamName\":\"direct\"}"));
        String url = queue("soak-events");
        rule(setup, "soak", "wanted", QueueCalls.arn(setup, url));
        rule(setup, "soak-log", "logged", "arn:aws:logs:us-east-1:000000000000:log-group:soak");
        task(
                "put-events-receive",
                30,
                (c, _, _) -> {
                    c.send(event("wanted"));
                    drain(c, url, 1);
                });
        task("put-events-log", 10, (c, _, _) -> c.send(event("logged")));
        task("put-log-events", 20, (c, _, _) -> c.send(logEvents(now(c).toEpochMilli())));
    }

    private static Request event(String kind) {
        return Request.events(
                "PutEvents",
                """
                {"Entries":[{"Source":"soak","DetailType":"t",\
                "Detail":"{\\"kind\\":\\"%s\\",\\"text\\":\\"%s\\"}"}]}\
                """
                        .formatted(kind, TEXT));
    }

    private static void rule(Connection connection, String name, String kind, String target)
            throws IOException {
        connection.send(
                Request.events(
                        "PutRule",
                        """
                        {"Name":"%s","EventPattern":\
                        "{\\"source\\":[\\"soak\\"],\\"detail\\":{\\"kind\\":[\\"%s\\"]}}"}\
                        """
                                .formatted(name, kind)));
        connection.send(
                Request.events(
                        "PutTargets",
                        "{\"Rule\":\"%s\",\"Targets\":[{\"Id\":\"t\",\"Arn\":\"%s\"}]}"
                                .formatted(name, target)));
    }

    private static Request logs(String operation, String body) {
        return Request.json("logs", "1.1", "Logs_20140328." + operation, body);
    }

    private static Request logEvents(long millis) {
        return logs(
                "PutLogEvents",
                """
                {"logGroupName":"soak","logStreamName":"direct",\
                "logEvents":[{"timestamp":%d,"message":"%s"}]}\
                """
                        .formatted(millis, TEXT));
    }

    /// Schedules that are due at once, and go when they were.
    private void schedules() throws IOException {
        String url = queue("soak-scheduled");
        String arn = QueueCalls.arn(setup, url);
        task(
                "schedule-receive",
                10,
                (c, _, n) -> {
                    String due = now(c).truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "");
                    c.send(
                            Request.rest(
                                    "POST",
                                    "/schedules/soak-" + n,
                                    "scheduler",
                                    """
                                    {"ScheduleExpression":"at(%s)","FlexibleTimeWindow":{"Mode":"OFF"},\
                                    "ActionAfterCompletion":"DELETE",\
                                    "Target":{"Arn":"%s","RoleArn":"%s","Input":"{}"}}\
                                    """
                                            .formatted(due, arn, ROLE)));
                    drain(c, url, 2);
                });
    }

    private void keys() throws IOException {
        String key = Text.member(setup.ask(kms("CreateKey", "{}")), "KeyId");
        setup.send(
                secrets(
                        "CreateSecret",
                        "{\"Name\":\"soak\",\"SecretString\":\"first\"," + token(0) + "}"));
        setup.send(
                Request.query(
                        "iam",
                        "Action=CreateRole&Version=2010-05-08&RoleName=soak"
                                + "&AssumeRolePolicyDocument="
                                + encode(
                                        """
                                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
                                        "Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}\
                                        """)));
        task(
                "kms-cycle",
                10,
                (c, _, _) -> {
                    String sealed =
                            c.ask(
                                    kms(
                                            "Encrypt",
                                            "{\"KeyId\":\"%s\",\"Plaintext\":\"c29haw==\"}"
                                                    .formatted(key)));
                    String blob = Text.member(sealed, "CiphertextBlob");
                    c.send(kms("Decrypt", "{\"CiphertextBlob\":\"%s\"}".formatted(blob)));
                });
        task(
                "get-secret",
                10,
                (c, _, _) -> c.send(secrets("GetSecretValue", "{\"SecretId\":\"soak\"}")));
        task(
                "put-secret",
                1,
                (c, _, n) ->
                        c.send(
                                secrets(
                                        "PutSecretValue",
                                        "{\"SecretId\":\"soak\",\"SecretString\":\"%d\",%s}"
                                                .formatted(n, token(n + 1)))));
        task(
                "assume-role",
                5,
                (c, _, _) ->
                        c.send(
                                Request.query(
                                        "sts",
                                        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=soak&RoleArn="
                                                + encode(ROLE))));
    }

    private static String token(long number) {
        return "\"ClientRequestToken\":\"%032d\"".formatted(number);
    }

    private static Request kms(String operation, String body) {
        return Request.json("kms", "1.1", "TrentService." + operation, body);
    }

    private static Request secrets(String operation, String body) {
        return Request.json("secretsmanager", "1.1", "secretsmanager." + operation, body);
    }

    /// Resources that come and go.
    private void churn() {
        task(
                "churn-messaging",
                1,
                (c, _, n) -> {
                    String url = queue(c, "soak-churn-" + n);
                    String arn = QueueCalls.arn(c, url);
                    String topic = topic(c, "soak-churn-" + n);
                    subscribe(c, topic, arn, "{\"kind\":[\"" + n + "\"]}");
                    c.send(QueueCalls.send(url, TEXT));
                    rule(c, "soak-churn", "churn-" + n, arn);
                    c.send(
                            Request.events(
                                    "RemoveTargets", "{\"Rule\":\"soak-churn\",\"Ids\":[\"t\"]}"));
                    c.send(Request.events("DeleteRule", "{\"Name\":\"soak-churn\"}"));
                    c.send(sns("DeleteTopic", "&TopicArn=" + encode(topic)));
                    c.send(Request.sqs("DeleteQueue", "{\"QueueUrl\":\"%s\"}".formatted(url)));
                });
        task(
                "churn-tables",
                1,
                (c, _, n) -> {
                    String table = ItemScenarios.table(c, "soak-churn-" + n);
                    c.send(
                            Request.dynamodb(
                                    "PutItem",
                                    "{\"TableName\":\"%s\",\"Item\":{%s%s}}"
                                            .formatted(table, key(n), values(n))));
                    c.send(
                            Request.dynamodb(
                                    "DeleteTable", "{\"TableName\":\"%s\"}".formatted(table)));
                });
    }

    private String queue(String name) throws IOException {
        return queue(setup, name);
    }

    private static String queue(Connection connection, String name) throws IOException {
        String fifo = name.endsWith(".fifo") ? ",\"Attributes\":{\"FifoQueue\":\"true\"}" : "";
        return Text.member(
                connection.ask(
                        Request.sqs(
                                "CreateQueue", "{\"QueueName\":\"%s\"%s}".formatted(name, fifo))),
                "QueueUrl");
    }

    /// Receives and deletes all that is there.
    ///
    /// @param waitSeconds how long the first receive waits for something
    private static void drain(Connection connection, String url, int waitSeconds)
            throws IOException {
        int wait = waitSeconds;
        for (int i = 0; i < DRAINS_MAX; i++) {
            List<String> handles =
                    QueueCalls.handles(
                            connection.ask(QueueCalls.receive(url, QueueCalls.BATCH, wait)));
            if (handles.isEmpty()) {
                return;
            }
            connection.send(QueueCalls.deleteBatch(url, handles));
            if (handles.size() < QueueCalls.BATCH) {
                return;
            }
            wait = 0;
        }
    }

    private static String topic(Connection connection, String name) throws IOException {
        return Text.element(connection.ask(sns("CreateTopic", "&Name=" + name)), "TopicArn");
    }

    private static void subscribe(Connection connection, String topic, String arn, String policy)
            throws IOException {
        connection.send(
                sns(
                        "Subscribe",
                        "&Protocol=sqs&TopicArn="
                                + encode(topic)
                                + "&Endpoint="
                                + encode(arn)
                                + "&Attributes.entry.1.key=FilterPolicy"
                                + "&Attributes.entry.1.value="
                                + encode(policy)));
    }

    private static Request sns(String action, String form) {
        return Request.sns("Action=" + action + "&Version=2010-03-31" + form);
    }

    /// The server's time, which the soak moves.
    static Instant now(Connection connection) throws IOException {
        String answer = connection.ask(Request.page("GET", "/_millrace/clock", ""));
        return Instant.parse(Text.member(answer, "now"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
