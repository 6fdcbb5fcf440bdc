package io.millrace.service.dynamodbstreams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.service.dynamodb.DynamoDbFixture;
import io.millrace.stream.StreamOptions;
import io.millrace.stream.StreamTrimmer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Shards that end and are followed by others, as those meet it who read with the KCL adapter or
/// Lambda's poller: parents first, each to its end, then their children.
final class ShardsTest {
    private static final StreamOptions BUSY =
            new StreamOptions(Duration.ofHours(24), Duration.ofHours(4), 10, 4);

    @TempDir Path directory;

    private DynamoDbFixture db;
    private String arn;

    @BeforeEach
    void createTable() {
        db = DynamoDbFixture.onDisk(directory);
        db.createTable(
                "tab",
                "N",
                "'StreamSpecification': {'StreamEnabled': true, 'StreamViewType': 'NEW_IMAGE'},");
        arn =
                db.call("DescribeTable", "{'TableName': 'tab'}")
                        .get("Table")
                        .get("LatestStreamArn")
                        .stringValue();
    }

    @AfterEach
    void close() {
        db.close();
    }

    private void put(int from, int count) {
        for (int i = from; i < from + count; i++) {
            db.put("tab", "{'p': {'S': 'k%d'}, 's': {'N': '%d'}}".formatted(i, i));
        }
    }

    private JsonNode describe(String more) {
        return db.call("DescribeStream", "{'StreamArn': '" + arn + "'" + more + "}")
                .get("StreamDescription");
    }

    private List<JsonNode> shards() {
        return shards(describe(""));
    }

    private static List<JsonNode> shards(JsonNode description) {
        List<JsonNode> shards = new ArrayList<>();
        description.get("Shards").forEach(shards::add);
        return shards;
    }

    private static String id(JsonNode shard) {
        return shard.get("ShardId").stringValue();
    }

    private static boolean open(JsonNode shard) {
        return !shard.get("SequenceNumberRange").has("EndingSequenceNumber");
    }

    private String iteratorRequest(String shardId, String type, String more) {
        return "{'StreamArn': '%s', 'ShardId': '%s', 'ShardIteratorType': '%s'%s}"
                .formatted(arn, shardId, type, more);
    }

    private JsonNode read(String shardId, String type, String more) {
        String iterator =
                db.call("GetShardIterator", iteratorRequest(shardId, type, more))
                        .get("ShardIterator")
                        .stringValue();
        return db.call("GetRecords", "{'ShardIterator': '" + iterator + "'}");
    }

    private static List<Integer> keys(JsonNode answer) {
        List<Integer> keys = new ArrayList<>();
        answer.get("Records")
                .forEach(record ->
                        keys.add(
                                Integer.valueOf(
                                        record.get("dynamodb")
                                                .get("Keys")
                                                .get("s")
                                                .get("N")
                                                .stringValue())));
        return keys;
    }

    @Test
    void aShardIsFollowedByAChildAfterFourHours() {
        put(0, 1);
        db.clock().advance(Duration.ofHours(4).minusMillis(1));
        db.rollShards();
        assertThat(shards()).hasSize(1);

        db.clock().advance(Duration.ofMillis(1));
        db.rollShards();
        put(1, 2);

        List<JsonNode> shards = shards();
        assertThat(shards).hasSize(2);
        JsonNode parent = shards.get(0);
        JsonNode child = shards.get(1);
        assertThat(open(parent)).isFalse();
        assertThat(parent.has("ParentShardId")).isFalse();
        assertThat(open(child)).isTrue();
        assertThat(child.get("ParentShardId").stringValue()).isEqualTo(id(parent));
        assertThat(id(child)).isGreaterThan(id(parent));
        JsonNode drained = read(id(parent), "TRIM_HORIZON", "");
        assertThat(keys(drained)).containsExactly(0);
        assertThat(drained.has("NextShardIterator")).isFalse();
        JsonNode going = read(id(child), "TRIM_HORIZON", "");
        assertThat(keys(going)).containsExactly(1, 2);
        assertThat(going.has("NextShardIterator")).isTrue();
    }

    @Test
    void theNumbersOfAChildComeBehindItsParents() {
        put(0, 1);
        db.clock().advance(Duration.ofHours(4));
        db.rollShards();
        put(1, 1);

        JsonNode range = shards().get(0).get("SequenceNumberRange");
        String begin = range.get("StartingSequenceNumber").stringValue();
        String end = range.get("EndingSequenceNumber").stringValue();
        String record = number(read(id(shards().get(0)), "TRIM_HORIZON", ""));
        String childsBegin =
                shards().get(1)
                        .get("SequenceNumberRange")
                        .get("StartingSequenceNumber")
                        .stringValue();
        String childsRecord = number(read(id(shards().get(1)), "TRIM_HORIZON", ""));

        assertThat(List.of(begin, record, end, childsBegin, childsRecord))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private static String number(JsonNode answer) {
        return answer.get("Records").get(0).get("dynamodb").get("SequenceNumber").stringValue();
    }

    @Test
    void aShardWithoutRecordsStaysOpen() {
        db.clock().advance(Duration.ofHours(100));

        db.rollShards();

        assertThat(shards()).hasSize(1);
    }

    @Test
    void anIteratorAtTheTipOfAShardThatIsClosedEnds() {
        db.restart(BUSY);
        put(0, 10);
        String latest =
                db.call("GetShardIterator", iteratorRequest(id(shards().get(0)), "LATEST", ""))
                        .get("ShardIterator")
                        .stringValue();
        db.rollShards();
        put(10, 1);

        JsonNode answer = db.call("GetRecords", "{'ShardIterator': '" + latest + "'}");

        assertThat(answer.get("Records").size()).isZero();
        assertThat(answer.has("NextShardIterator")).isFalse();
    }

    @Test
    void aBusyShardIsDividedAsOftenAsIsAllowed() {
        db.restart(BUSY);
        int written = 0;
        for (int round = 0; round < 6; round++) {
            put(written, 60);
            written += 60;
            db.rollShards();
        }

        assertThat(shards().stream().filter(ShardsTest::open)).hasSize(4);
        assertThat(readAll()).hasSize(written).doesNotHaveDuplicates();
        db.restart();
        assertThat(readAll()).hasSize(written);
        put(written, 1);
        assertThat(readAll()).hasSize(written + 1);
    }

    /// Every shard to its end, in the order in which they are described.
    private List<Integer> readAll() {
        List<Integer> keys = new ArrayList<>();
        for (JsonNode shard : shards()) {
            keys.addAll(keys(read(id(shard), "TRIM_HORIZON", "")));
        }
        return keys;
    }

    @Test
    void describesShardsInPages() {
        db.restart(BUSY);
        for (int round = 0; round < 5; round++) {
            put(round * 60, 60);
            db.rollShards();
        }
        List<String> all = shards().stream().map(ShardsTest::id).toList();

        List<String> paged = new ArrayList<>();
        String more = ", 'Limit': 3";
        while (true) { // ends with the last page
            JsonNode page = describe(more);
            assertThat(page.get("Shards").size()).isBetween(1, 3);
            shards(page).forEach(shard -> paged.add(id(shard)));
            if (!page.has("LastEvaluatedShardId")) {
                break;
            }
            more = ", 'Limit': 3, 'ExclusiveStartShardId': " + page.get("LastEvaluatedShardId");
        }

        assertThat(paged).isEqualTo(all);
        assertThat(all).hasSizeGreaterThan(5).isSorted();
    }

    @Test
    void filtersTheChildrenOfAShard() {
        db.restart(BUSY);
        put(0, 20);
        db.rollShards();
        put(20, 60);
        db.rollShards();
        List<JsonNode> shards = shards();
        String root = id(shards.get(0));

        List<String> children = children(root);

        assertThat(children).containsExactly(id(shards.get(1)), id(shards.get(2)));
        assertThat(children(id(shards.getLast()))).isEmpty();
        assertThat(
                        db.refused(
                                "DescribeStream",
                                "{'StreamArn': '%s', 'ShardFilter': {'Type': 'CHILD_SHARDS'}}"
                                        .formatted(arn)))
                .startsWith("ValidationException");
        assertThat(
                        db.refused(
                                "DescribeStream",
                                """
                                {'StreamArn': '%s', 'ShardFilter':
                                   {'Type': 'CHILD_SHARDS', 'ShardId': '%s'}}
                                """
                                        .formatted(arn, root.replace("shardId-0", "shardId-1"))))
                .startsWith("ResourceNotFoundException");
    }

    private List<String> children(String shardId) {
        return shards(
                        describe(
                                ", 'ShardFilter': {'Type': 'CHILD_SHARDS', 'ShardId': '"
                                        + shardId
                                        + "'}"))
                .stream()
                .map(ShardsTest::id)
                .toList();
    }

    @Test
    void aParentIsGoneADayAfterItsEnd() {
        put(0, 1);
        db.clock().advance(Duration.ofHours(4));
        db.rollShards();
        put(1, 1);
        String parent = id(shards().get(0));
        db.clock().advance(Duration.ofHours(24));
        String old =
                db.call("GetShardIterator", iteratorRequest(parent, "TRIM_HORIZON", ""))
                        .get("ShardIterator")
                        .stringValue();
        assertThat(shards()).hasSize(2);

        db.clock().advance(Duration.ofMillis(1));

        assertThat(shards()).hasSize(1);
        assertThat(shards().get(0).get("ParentShardId").stringValue()).isEqualTo(parent);
        assertThat(db.refused("GetShardIterator", iteratorRequest(parent, "TRIM_HORIZON", "")))
                .isEqualTo(
                        "ResourceNotFoundException: Requested resource not found: Shard does not"
                                + " exist");
        assertThat(db.refused("GetRecords", "{'ShardIterator': '" + old + "'}"))
                .isEqualTo("ResourceNotFoundException: Invalid ShardId in ShardIterator");
        new TrimOnce(db).run();
        assertThat(shards()).hasSize(1);
        put(2, 1);
        assertThat(keys(read(id(shards().get(0)), "TRIM_HORIZON", ""))).containsExactly(2);
    }

    /// A trimmer that makes one pass.
    private record TrimOnce(DynamoDbFixture db) {
        void run() {
            try (StreamTrimmer trimmer =
                    new StreamTrimmer(db.store(), db.clock(), StreamOptions.DEFAULT)) {
                trimmer.trim();
            }
        }
    }

    @Test
    void aStreamThatIsSwitchedOffEndsAllItsShards() {
        db.restart(BUSY);
        put(0, 20);
        db.rollShards();
        put(20, 5);

        db.call(
                "UpdateTable",
                "{'TableName': 'tab', 'StreamSpecification': {'StreamEnabled': false}}");
        put(100, 5);
        db.rollShards();

        assertThat(shards()).hasSize(3).noneMatch(ShardsTest::open);
        assertThat(readAll()).hasSize(25);
    }

    @Test
    void recordsStayAsLongAsTheOperatorChose() {
        db.restart(new StreamOptions(Duration.ofHours(100), Duration.ofHours(4), 10, 1));
        put(0, 1);
        db.clock().advance(Duration.ofHours(99));
        assertThat(readAll()).containsExactly(0);

        db.clock().advance(Duration.ofHours(2));

        assertThat(readAll()).isEmpty();
    }

    @Test
    void aStreamFromBeforeShardsHadRecordsGoesOn() {
        String shard = id(shards().get(0));
        put(0, 1);
        db.store()
                .write(tx -> {
                    tx.deleteRange(new byte[] {0x25}, new byte[] {0x27});
                    return true;
                });
        assertThat(shards().stream().map(ShardsTest::id)).containsExactly(shard);
        put(1, 1);
        assertThat(readAll()).containsExactly(0, 1);

        db.clock().advance(Duration.ofHours(4));
        db.rollShards();
        put(2, 1);

        assertThat(shards()).hasSize(2);
        assertThat(id(shards().get(0))).isEqualTo(shard);
        assertThat(shards().get(1).get("ParentShardId").stringValue()).isEqualTo(shard);
        assertThat(readAll()).containsExactly(0, 1, 2);
    }

    @Test
    void aNumberOfAnotherShardIsRefused() {
        put(0, 1);
        db.clock().advance(Duration.ofHours(4));
        db.rollShards();
        put(1, 1);
        String parents = number(read(id(shards().get(0)), "TRIM_HORIZON", ""));
        String childs = number(read(id(shards().get(1)), "TRIM_HORIZON", ""));

        for (List<String> wrong :
                List.of(
                        List.of(id(shards().get(0)), childs),
                        List.of(id(shards().get(1)), parents))) {
            assertThat(
                            db.refused(
                                    "GetShardIterator",
                                    iteratorRequest(
                                            wrong.get(0),
                                            "AT_SEQUENCE_NUMBER",
                                            ", 'SequenceNumber': '" + wrong.get(1) + "'")))
                    .endsWith("Invalid SequenceNumber");
        }
    }

    @Test
    void theEndOfAShardIsAPlaceInIt() {
        put(0, 1);
        db.clock().advance(Duration.ofHours(4));
        db.rollShards();
        JsonNode parent = shards().get(0);
        String end = parent.get("SequenceNumberRange").get("EndingSequenceNumber").stringValue();

        JsonNode answer =
                read(id(parent), "AFTER_SEQUENCE_NUMBER", ", 'SequenceNumber': '" + end + "'");

        assertThat(answer.get("Records").size()).isZero();
        assertThat(answer.has("NextShardIterator")).isFalse();
    }
}
