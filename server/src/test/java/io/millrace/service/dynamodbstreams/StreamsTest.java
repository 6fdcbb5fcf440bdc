package io.millrace.service.dynamodbstreams;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.service.dynamodb.DynamoDbFixture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

final class StreamsTest {
    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    private String create(String viewType) {
        db.createTable("tab", "N", stream(viewType));
        return latestArn();
    }

    private static String stream(String viewType) {
        return "'StreamSpecification': {'StreamEnabled': true, 'StreamViewType': '"
                + viewType
                + "'},";
    }

    private String latestArn() {
        return db.call("DescribeTable", "{'TableName': 'tab'}")
                .get("Table")
                .get("LatestStreamArn")
                .stringValue();
    }

    private void disable() {
        db.call(
                "UpdateTable",
                "{'TableName': 'tab', 'StreamSpecification': {'StreamEnabled': false}}");
    }

    private JsonNode shard(String arn) {
        return describe(arn).get("Shards").get(0);
    }

    private JsonNode describe(String arn) {
        return db.call("DescribeStream", "{'StreamArn': '" + arn + "'}").get("StreamDescription");
    }

    private String iterator(String arn, String type) {
        return iterator(arn, type, "");
    }

    private String iterator(String arn, String type, String more) {
        return db.call("GetShardIterator", iteratorRequest(arn, type, more))
                .get("ShardIterator")
                .stringValue();
    }

    private String iteratorRequest(String arn, String type, String more) {
        return "{'StreamArn': '%s', 'ShardId': %s, 'ShardIteratorType': '%s' %s}"
                .formatted(arn, shard(arn).get("ShardId"), type, more);
    }

    private JsonNode records(String iterator) {
        return db.call("GetRecords", "{'ShardIterator': '" + iterator + "'}");
    }

    private static String next(JsonNode answer) {
        return answer.get("NextShardIterator").stringValue();
    }

    private void put(int key, String value) {
        db.put("tab", "{'p': {'S': 'k'}, 's': {'N': '" + key + "'}, 'v': {'S': '" + value + "'}}");
    }

    private static List<String> names(JsonNode answer) {
        List<String> names = new ArrayList<>();
        answer.get("Records").forEach(record -> names.add(record.get("eventName").stringValue()));
        return names;
    }

    private static String sequenceNumber(JsonNode answer, int index) {
        return answer.get("Records").get(index).get("dynamodb").get("SequenceNumber").stringValue();
    }

    @Test
    void tellsEachChangeOnceInOrder() {
        String arn = create("NEW_AND_OLD_IMAGES");
        put(1, "a");
        put(1, "b");
        put(1, "b");
        db.call("DeleteItem", "{'TableName': 'tab', 'Key': {'p': {'S': 'k'}, 's': {'N': '1'}}}");
        db.call("DeleteItem", "{'TableName': 'tab', 'Key': {'p': {'S': 'k'}, 's': {'N': '1'}}}");

        JsonNode answer = records(iterator(arn, "TRIM_HORIZON"));

        assertThat(names(answer)).containsExactly("INSERT", "MODIFY", "REMOVE");
        JsonNode modify = answer.get("Records").get(1);
        assertThat(modify.get("eventVersion").stringValue()).isEqualTo("1.1");
        assertThat(modify.get("eventSource").stringValue()).isEqualTo("aws:dynamodb");
        assertThat(modify.get("awsRegion").stringValue()).isEqualTo("us-east-1");
        assertThat(modify.get("eventID").stringValue()).matches("[0-9a-f]{32}");
        JsonNode change = modify.get("dynamodb");
        assertThat(change.get("Keys")).isEqualTo(json("{'p': {'S': 'k'}, 's': {'N': '1'}}"));
        assertThat(change.get("OldImage").get("v")).isEqualTo(json("{'S': 'a'}"));
        assertThat(change.get("NewImage").get("v")).isEqualTo(json("{'S': 'b'}"));
        assertThat(change.get("StreamViewType").stringValue()).isEqualTo("NEW_AND_OLD_IMAGES");
        assertThat(change.get("SizeBytes").intValue()).isEqualTo(5 + 7 + 7);
        assertThat(change.get("ApproximateCreationDateTime").longValue())
                .isEqualTo(db.clock().instant().getEpochSecond());
        assertThat(sequenceNumber(answer, 0)).hasSizeBetween(21, 40);
        assertThat(sequenceNumber(answer, 0)).isLessThan(sequenceNumber(answer, 1));
        assertThat(records(next(answer)).get("Records").size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "KEYS_ONLY, false, false",
        "NEW_IMAGE, false, true",
        "OLD_IMAGE, true, false",
        "NEW_AND_OLD_IMAGES, true, true"
    })
    void showsTheImagesOfItsView(String viewType, boolean old, boolean now) {
        String arn = create(viewType);
        put(1, "a");
        put(1, "b");

        JsonNode records = records(iterator(arn, "TRIM_HORIZON")).get("Records");

        JsonNode insert = records.get(0).get("dynamodb");
        JsonNode modify = records.get(1).get("dynamodb");
        assertThat(insert.has("OldImage")).isFalse();
        assertThat(insert.has("NewImage")).isEqualTo(now);
        assertThat(modify.has("OldImage")).isEqualTo(old);
        assertThat(modify.has("NewImage")).isEqualTo(now);
        assertThat(modify.has("Keys")).isTrue();
    }

    @Test
    void batchesAndTransactionsLeaveARecordForEachItem() {
        String arn = create("KEYS_ONLY");
        String put = "'Item': {'p': {'S': 'k'}, 's': {'N': '%d'}}";
        db.call(
                "BatchWriteItem",
                "{'RequestItems': {'tab': [{'PutRequest': {%s}}, {'PutRequest': {%s}}]}}"
                        .formatted(put.formatted(1), put.formatted(2)));
        db.call(
                "TransactWriteItems",
                ("{'TransactItems': [{'Put': {'TableName': 'tab', %s}},"
                                + " {'Put': {'TableName': 'tab', %s}}]}")
                        .formatted(put.formatted(3), put.formatted(4)));

        JsonNode answer = records(iterator(arn, "TRIM_HORIZON"));

        List<String> keys = new ArrayList<>();
        answer.get("Records")
                .forEach(record ->
                        keys.add(
                                record.get("dynamodb")
                                        .get("Keys")
                                        .get("s")
                                        .get("N")
                                        .stringValue()));
        assertThat(keys).containsExactly("1", "2", "3", "4");
    }

    @Test
    void readsFromEachKindOfPlace() {
        String arn = create("KEYS_ONLY");
        put(1, "a");
        String latest = iterator(arn, "LATEST");
        put(2, "a");
        put(3, "a");
        JsonNode all = records(iterator(arn, "TRIM_HORIZON"));
        String second = ", 'SequenceNumber': '" + sequenceNumber(all, 1) + "'";

        assertThat(all.get("Records").size()).isEqualTo(3);
        assertThat(records(latest).get("Records").size()).isEqualTo(2);
        assertThat(sequenceNumber(records(iterator(arn, "AT_SEQUENCE_NUMBER", second)), 0))
                .isEqualTo(sequenceNumber(all, 1));
        assertThat(sequenceNumber(records(iterator(arn, "AFTER_SEQUENCE_NUMBER", second)), 0))
                .isEqualTo(sequenceNumber(all, 2));
    }

    @Test
    void pagesByLimit() {
        String arn = create("KEYS_ONLY");
        for (int i = 0; i < 5; i++) {
            put(i, "a");
        }
        String iterator = iterator(arn, "TRIM_HORIZON");
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            JsonNode answer =
                    db.call("GetRecords", "{'ShardIterator': '" + iterator + "', 'Limit': 2}");
            sizes.add(answer.get("Records").size());
            iterator = next(answer);
        }

        assertThat(sizes).containsExactly(2, 2, 1, 0);
        assertThat(db.refused("GetRecords", "{'ShardIterator': 'x', 'Limit': 1001}"))
                .endsWith("Limit should be less than or equal to 1000");
    }

    @Test
    void aPageHasAtMostOneMegabyte() {
        String arn = create("NEW_IMAGE");
        for (int i = 0; i < 4; i++) {
            put(i, "x".repeat(399 * 1024));
        }

        JsonNode first = records(iterator(arn, "TRIM_HORIZON"));
        JsonNode second = records(next(first));

        assertThat(first.get("Records").size()).isEqualTo(2);
        assertThat(second.get("Records").size()).isEqualTo(2);
    }

    @Test
    void aDisabledStreamStaysReadableAndEnds() {
        String arn = create("KEYS_ONLY");
        put(1, "a");
        disable();
        put(2, "a");

        JsonNode description = describe(arn);
        JsonNode answer = records(iterator(arn, "TRIM_HORIZON"));

        assertThat(description.get("StreamStatus").stringValue()).isEqualTo("DISABLED");
        assertThat(shard(arn).get("SequenceNumberRange").has("EndingSequenceNumber")).isTrue();
        assertThat(names(answer)).containsExactly("INSERT");
        assertThat(answer.has("NextShardIterator")).isFalse();
    }

    @Test
    void aStreamThatIsSwitchedOnAgainIsAnother() {
        String first = create("KEYS_ONLY");
        put(1, "a");
        disable();
        db.call(
                "UpdateTable",
                "{'TableName': 'tab', " + stream("NEW_IMAGE").replaceAll(",$", "") + "}");
        put(2, "a");
        String second = latestArn();

        assertThat(second).isNotEqualTo(first);
        assertThat(names(records(iterator(first, "TRIM_HORIZON")))).hasSize(1);
        assertThat(names(records(iterator(second, "TRIM_HORIZON")))).hasSize(1);
        assertThat(db.call("ListStreams", "{'TableName': 'tab'}").get("Streams").size())
                .isEqualTo(2);
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        String arn = create("KEYS_ONLY");
        String update = "{'TableName': 'tab', 'StreamSpecification': {'StreamEnabled': %s}}";
        String invalid = "ValidationException: One or more parameter values were invalid: ";

        assertThat(db.refused("UpdateTable", update.formatted("true")))
                .isEqualTo(invalid + "If stream is being enabled then UpdateViewType is required");
        assertThat(
                        db.refused(
                                "UpdateTable",
                                update.formatted("false, 'StreamViewType': 'KEYS_ONLY'")))
                .isEqualTo(
                        invalid
                                + "If stream is being disabled, then UpdateViewType must not be"
                                + " specified");
        for (String viewType : List.of("KEYS_ONLY", "NEW_IMAGE")) {
            assertThat(
                            db.refused(
                                    "UpdateTable",
                                    update.formatted("true, 'StreamViewType': '" + viewType + "'")))
                    .isEqualTo(
                            "ValidationException: Table already has an enabled stream: TableName:"
                                    + " tab");
        }
        disable();
        assertThat(db.refused("UpdateTable", update.formatted("false")))
                .isEqualTo("ValidationException: Table has no stream to disable: TableName: tab");
        JsonNode table = db.call("DescribeTable", "{'TableName': 'tab'}").get("Table");
        assertThat(table.has("StreamSpecification")).isFalse();
        assertThat(table.get("LatestStreamArn").stringValue()).isEqualTo(arn);
    }

    @Test
    void aDeletedTablesStreamStaysForADay() {
        String arn = create("KEYS_ONLY");
        put(1, "a");
        db.call("DeleteTable", "{'TableName': 'tab'}");

        assertThat(names(records(iterator(arn, "TRIM_HORIZON")))).containsExactly("INSERT");
        db.clock().advance(Duration.ofHours(25));
        assertThat(db.refused("DescribeStream", "{'StreamArn': '" + arn + "'}"))
                .isEqualTo(
                        "ResourceNotFoundException: Requested resource not found: Stream: "
                                + arn
                                + " not found");
        assertThat(db.call("ListStreams", "{}").get("Streams").size()).isZero();
    }

    @Test
    void recordsAreTrimmedAfterADay() {
        String arn = create("KEYS_ONLY");
        put(1, "a");
        String old =
                ", 'SequenceNumber': '"
                        + sequenceNumber(records(iterator(arn, "TRIM_HORIZON")), 0)
                        + "'";
        db.clock().advance(Duration.ofHours(23).plusMinutes(55));
        String atOld = iterator(arn, "AT_SEQUENCE_NUMBER", old);
        put(2, "a");
        db.clock().advance(Duration.ofMinutes(10));

        JsonNode left = records(iterator(arn, "TRIM_HORIZON"));

        assertThat(left.get("Records").size()).isEqualTo(1);
        assertThat(db.refused("GetRecords", "{'ShardIterator': '" + atOld + "'}"))
                .startsWith("TrimmedDataAccessException: ");
        assertThat(db.refused("GetShardIterator", iteratorRequest(arn, "AT_SEQUENCE_NUMBER", old)))
                .startsWith("TrimmedDataAccessException: ");
    }

    @Test
    void iteratorsExpireAfterAQuarterOfAnHour() {
        String iterator = iterator(create("KEYS_ONLY"), "LATEST");

        db.clock().advance(Duration.ofMinutes(15));
        records(iterator);
        db.clock().advance(Duration.ofMillis(1));

        assertThat(db.refused("GetRecords", "{'ShardIterator': '" + iterator + "'}"))
                .startsWith("ExpiredIteratorException: ");
    }

    @Test
    void refusesIteratorsThatItDidNotMake() {
        String iterator = iterator(create("KEYS_ONLY"), "LATEST");
        int middle = iterator.length() - 20;
        char other = iterator.charAt(middle) == 'A' ? 'B' : 'A';
        String changed = iterator.substring(0, middle) + other + iterator.substring(middle + 1);

        for (String bad :
                List.of(
                        "garbage",
                        "a|1|b",
                        changed,
                        iterator.substring(0, middle),
                        iterator + "=")) {
            assertThat(db.refused("GetRecords", "{'ShardIterator': '" + bad + "'}"))
                    .isEqualTo("ValidationException: Invalid ShardIterator");
        }
    }

    @Test
    void refusesPlacesThatAreNotInTheShard() {
        String arn = create("KEYS_ONLY");
        String invalid =
                "ValidationException: One or more parameter values were invalid: Invalid"
                        + " SequenceNumber";

        for (String number : List.of("1".repeat(25), "9".repeat(25), "1" + "0".repeat(24))) {
            assertThat(
                            db.refused(
                                    "GetShardIterator",
                                    iteratorRequest(
                                            arn,
                                            "AT_SEQUENCE_NUMBER",
                                            ", 'SequenceNumber': '" + number + "'")))
                    .isEqualTo(invalid);
        }
        assertThat(
                        db.refused(
                                "GetShardIterator",
                                iteratorRequest(arn, "AFTER_SEQUENCE_NUMBER", "")))
                .isEqualTo(invalid);
        assertThat(
                        db.refused(
                                "GetShardIterator",
                                iteratorRequest(arn, "LATEST", "")
                                        .replace("shardId-0", "shardId-1")))
                .isEqualTo(
                        "ResourceNotFoundException: Requested resource not found: Shard does not"
                                + " exist");
    }

    @Test
    void listsStreamsInPages() {
        for (String table : List.of("aaa", "bbb", "ccc")) {
            db.createTable(table, "N", stream("KEYS_ONLY"));
        }

        JsonNode first = db.call("ListStreams", "{'Limit': 2}");
        JsonNode second =
                db.call(
                        "ListStreams",
                        "{'Limit': 2, 'ExclusiveStartStreamArn': "
                                + first.get("LastEvaluatedStreamArn")
                                + "}");

        assertThat(first.get("Streams").size()).isEqualTo(2);
        assertThat(second.get("Streams").size()).isEqualTo(1);
        assertThat(second.get("Streams").get(0).get("TableName").stringValue()).isEqualTo("ccc");
        assertThat(second.has("LastEvaluatedStreamArn")).isFalse();
        assertThat(db.call("ListStreams", "{'TableName': 'zzz'}").get("Streams").size()).isZero();
    }

    @Test
    void describesItself() {
        String arn = create("KEYS_ONLY");

        JsonNode description = describe(arn);

        assertThat(description.get("StreamStatus").stringValue()).isEqualTo("ENABLED");
        assertThat(description.get("TableName").stringValue()).isEqualTo("tab");
        assertThat(description.get("KeySchema"))
                .isEqualTo(
                        json(
                                "[{'AttributeName':'p','KeyType':'HASH'},"
                                        + "{'AttributeName':'s','KeyType':'RANGE'}]"));
        JsonNode shard = description.get("Shards").get(0);
        assertThat(shard.get("ShardId").stringValue()).matches("shardId-\\d{20}-[0-9a-f]{8}");
        assertThat(shard.get("SequenceNumberRange").get("StartingSequenceNumber").stringValue())
                .hasSizeBetween(21, 40);
        assertThat(
                        db.call(
                                        "DescribeStream",
                                        "{'StreamArn': '%s', 'ExclusiveStartShardId': %s}"
                                                .formatted(arn, shard.get("ShardId")))
                                .get("StreamDescription")
                                .get("Shards")
                                .size())
                .isZero();
    }
}
