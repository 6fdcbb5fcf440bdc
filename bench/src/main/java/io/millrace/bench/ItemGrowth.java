package io.millrace.bench;

import java.io.IOException;
import java.util.List;
import java.util.StringJoiner;

/// Items of a table: small ones, a hundred of each partition.
final class ItemGrowth implements GrowthSeries {
    private static final int BATCH = 25;
    private static final int ITEMS_PER_PARTITION = 100;
    private static final String TABLE = "growth";

    @Override
    public String name() {
        return "items";
    }

    @Override
    public String things() {
        return "items in a table";
    }

    @Override
    public void prepare(Connection connection) throws IOException {
        ItemScenarios.table(connection, TABLE);
    }

    @Override
    public int batch() {
        return BATCH;
    }

    @Override
    public void grow(Connection connection, long from, long to) throws IOException {
        connection.send(batch(from, Math.min(to, from + BATCH)));
    }

    @Override
    public List<Operation> operations(long size) {
        return List.of(
                new Operation("GetItem", (c, w, n) -> c.send(get(random(w, n) % size))),
                new Operation("Query of 10", (c, w, n) -> c.send(query(random(w, n), size, true))),
                new Operation(
                        "Query of 10, backward",
                        (c, w, n) -> c.send(query(random(w, n), size, false))),
                new Operation("PutItem", (c, w, n) -> c.send(put(random(w, n) % size, n))),
                new Operation("UpdateItem", (c, w, n) -> c.send(update(random(w, n) % size))));
    }

    private static Request batch(long from, long to) {
        StringJoiner items = new StringJoiner(",", "{\"RequestItems\":{\"" + TABLE + "\":[", "]}}");
        for (long i = from; i < to; i++) {
            items.add("{\"PutRequest\":{\"Item\":" + item(i, 0) + "}}");
        }
        return Request.dynamodb("BatchWriteItem", items.toString());
    }

    private static String key(long i) {
        return "\"pk\":{\"S\":\"p"
                + i / ITEMS_PER_PARTITION
                + "\"},\"sk\":{\"N\":\""
                + i % ITEMS_PER_PARTITION
                + "\"}";
    }

    private static String item(long i, long number) {
        return "{" + key(i) + ",\"state\":{\"S\":\"open\"},\"number\":{\"N\":\"" + number + "\"}}";
    }

    private static Request get(long i) {
        return Request.dynamodb(
                "GetItem", "{\"TableName\":\"" + TABLE + "\",\"Key\":{" + key(i) + "}}");
    }

    private static Request put(long i, long number) {
        return Request.dynamodb(
                "PutItem", "{\"TableName\":\"" + TABLE + "\",\"Item\":" + item(i, number) + "}");
    }

    private static Request update(long i) {
        return Request.dynamodb(
                "UpdateItem",
                """
                {"TableName":"%s","Key":{%s},"UpdateExpression":"ADD visits :one",\
                "ExpressionAttributeValues":{":one":{"N":"1"}}}\
                """
                        .formatted(TABLE, key(i)));
    }

    private static Request query(long random, long size, boolean forward) {
        return Request.dynamodb(
                "Query",
                """
                {"TableName":"%s","KeyConditionExpression":"pk = :p","Limit":10,\
                "ScanIndexForward":%s,"ExpressionAttributeValues":{":p":{"S":"p%d"}}}\
                """
                        .formatted(
                                TABLE, forward, random % Math.max(1, size / ITEMS_PER_PARTITION)));
    }

    /// Spread evenly, and the same in each run.
    private static long random(int worker, long number) {
        long mixed = (number * 64 + worker) * 0x9e3779b97f4a7c15L;
        return (mixed ^ (mixed >>> 29)) >>> 1;
    }
}
