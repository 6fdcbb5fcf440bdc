package io.millrace.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/// The scenarios of the load benchmark on DynamoDB's items.
final class ItemScenarios {
    private static final int ITEMS = 1000;
    private static final int ITEMS_PER_PARTITION = 10;
    private static final int TRANSACTION = 10;
    private static final int BATCH = 25;
    private static final int HOT_CLIENTS = 64;
    private static final long TABLE_NANOS_MAX = 10_000_000_000L;
    private static final String PAYLOAD = "x".repeat(900);

    private ItemScenarios() {}

    static List<Scenario> all() {
        Set<Scenario.Api> items = Set.of(Scenario.Api.DYNAMODB);
        return List.of(
                new Scenario("put-item", items, ItemScenarios::putItem),
                new Scenario("get-item", items, ItemScenarios::getItem),
                new Scenario("query-10", items, connection -> queryTen(connection, true)),
                new Scenario("query-10-reverse", items, connection -> queryTen(connection, false)),
                new Scenario("update-item", items, ItemScenarios::updateItem),
                new Scenario("hot-item", items, ItemScenarios::hotItem, HOT_CLIENTS),
                new Scenario("transact-write-10", items, ItemScenarios::transactWrite),
                new Scenario("batch-write-25", items, setup -> batchWrite(setup, PAYLOAD)),
                new Scenario("batch-write-25-small", items, setup -> batchWrite(setup, "small")));
    }

    /// Makes a table with the keys `pk`, a string, and `sk`, a number, if it is not there yet, and
    /// waits until it can be used, which takes a while on some servers.
    static String table(Connection connection, String name) throws IOException {
        try {
            connection.send(
                    Request.dynamodb(
                            "CreateTable",
                            """
                            {"TableName":"%s","BillingMode":"PAY_PER_REQUEST",
                            "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
                            {"AttributeName":"sk","AttributeType":"N"}],
                            "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},
                            {"AttributeName":"sk","KeyType":"RANGE"}]}\
                            """
                                    .formatted(name)));
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("ResourceInUseException")) {
                throw e;
            }
        }
        Request describe =
                Request.dynamodb("DescribeTable", "{\"TableName\":\"%s\"}".formatted(name));
        long end = System.nanoTime() + TABLE_NANOS_MAX;
        while (!connection.ask(describe).contains("\"ACTIVE\"")) { // ends by the time
            if (System.nanoTime() > end) {
                throw new IOException("the table " + name + " does not become active");
            }
        }
        return name;
    }

    private static Request put(String table, String partition, long sort, long number) {
        return Request.dynamodb(
                "PutItem",
                "{\"TableName\":\""
                        + table
                        + "\",\"Item\":"
                        + item(partition, sort, number, PAYLOAD)
                        + "}");
    }

    /// Concatenated, which is many times as fast as formatted, since the server has to share the
    /// processors.
    ///
    /// @param number what makes it another item than the one before: an item that is put again as
    ///   it is costs no write
    private static String item(String partition, long sort, long number, String data) {
        return "{\"pk\":{\"S\":\""
                + partition
                + "\"},\"sk\":{\"N\":\""
                + sort
                + "\"},\"data\":{\"S\":\""
                + data
                + "\"},\"state\":{\"S\":\"open\"},\"amount\":{\"N\":\"12.5\"},\"number\":{\"N\":\""
                + number
                + "\"}}";
    }

    private static Scenario.Round putItem(Connection setup) throws IOException {
        String table = table(setup, "bench-put");
        return (connection, worker, number) ->
                connection.send(
                        put(table, "p" + worker + "-" + number % ITEMS, number % 100, number));
    }

    private static String filledTable(Connection setup) throws IOException {
        String table = table(setup, "bench-get");
        for (int i = 0; i < ITEMS; i++) {
            setup.send(put(table, "p" + i / ITEMS_PER_PARTITION, i % ITEMS_PER_PARTITION, 0));
        }
        return table;
    }

    private static Scenario.Round getItem(Connection setup) throws IOException {
        String table = filledTable(setup);
        List<Request> gets = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            gets.add(
                    Request.dynamodb(
                            "GetItem",
                            """
                            {"TableName":"%s","Key":{"pk":{"S":"p%d"},"sk":{"N":"%d"}}}\
                            """
                                    .formatted(
                                            table,
                                            i / ITEMS_PER_PARTITION,
                                            i % ITEMS_PER_PARTITION)));
        }
        return (connection, worker, number) ->
                connection.send(gets.get((int) ((number * 31 + worker * 7L) % ITEMS)));
    }

    private static Scenario.Round queryTen(Connection setup, boolean forward) throws IOException {
        String table = filledTable(setup);
        int partitions = ITEMS / ITEMS_PER_PARTITION;
        List<Request> queries = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            queries.add(
                    Request.dynamodb(
                            "Query",
                            """
                            {"TableName":"%s","KeyConditionExpression":"pk = :p",\
                            "ScanIndexForward":%s,\
                            "ExpressionAttributeValues":{":p":{"S":"p%d"}}}\
                            """
                                    .formatted(table, forward, i)));
        }
        return (connection, worker, number) ->
                connection.send(queries.get((int) ((number * 31 + worker * 7L) % partitions)));
    }

    private static Scenario.Round updateItem(Connection setup) throws IOException {
        String table = filledTable(setup);
        return (connection, worker, number) -> {
            long item = (number * 31 + worker * 7L) % ITEMS;
            connection.send(
                    Request.dynamodb(
                            "UpdateItem",
                            """
                            {"TableName":"%s","Key":{"pk":{"S":"p%d"},"sk":{"N":"%d"}},\
                            "UpdateExpression":"SET #s = :s ADD visits :one",\
                            "ExpressionAttributeNames":{"#s":"state"},\
                            "ExpressionAttributeValues":{":s":{"S":"s%d"},":one":{"N":"1"}}}\
                            """
                                    .formatted(
                                            table,
                                            item / ITEMS_PER_PARTITION,
                                            item % ITEMS_PER_PARTITION,
                                            number % 10)));
        };
    }

    /// All clients update one item, and only when it is as it should be, which it is.
    private static Scenario.Round hotItem(Connection setup) throws IOException {
        String table = table(setup, "bench-hot");
        setup.send(put(table, "hot", 0, 0));
        Request request =
                Request.dynamodb(
                        "UpdateItem",
                        """
                        {"TableName":"%s","Key":{"pk":{"S":"hot"},"sk":{"N":"0"}},\
                        "UpdateExpression":"ADD visits :one",\
                        "ConditionExpression":"#s = :open",\
                        "ExpressionAttributeNames":{"#s":"state"},\
                        "ExpressionAttributeValues":{":open":{"S":"open"},":one":{"N":"1"}}}\
                        """
                                .formatted(table));
        return (connection, worker, number) -> connection.send(request);
    }

    private static Scenario.Round transactWrite(Connection setup) throws IOException {
        String table = table(setup, "bench-transact");
        return (connection, worker, number) -> {
            StringJoiner items = new StringJoiner(",", "{\"TransactItems\":[", "]}");
            for (int i = 0; i < TRANSACTION; i++) {
                items.add(
                        "{\"Put\":{\"TableName\":\""
                                + table
                                + "\",\"Item\":"
                                + item("t" + worker + "-" + number % 100, i, number, PAYLOAD)
                                + "}}");
            }
            connection.send(Request.dynamodb("TransactWriteItems", items.toString()));
        };
    }

    private static Scenario.Round batchWrite(Connection setup, String data) throws IOException {
        String table = table(setup, "bench-batch-" + data.length());
        return (connection, worker, number) -> {
            StringJoiner items =
                    new StringJoiner(",", "{\"RequestItems\":{\"" + table + "\":[", "]}}");
            for (int i = 0; i < BATCH; i++) {
                items.add(
                        "{\"PutRequest\":{\"Item\":"
                                + item("b" + worker + "-" + number % 100, i, number, data)
                                + "}}");
            }
            connection.send(Request.dynamodb("BatchWriteItem", items.toString()));
        };
    }
}
