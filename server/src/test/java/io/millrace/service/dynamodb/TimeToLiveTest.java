package io.millrace.service.dynamodb;

import static io.millrace.service.dynamodb.DynamoDbFixture.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.FaultyStore;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Watch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

final class TimeToLiveTest {
    private static final String TABLE =
            """
            {'TableName': 'tab', 'BillingMode': 'PAY_PER_REQUEST',
             'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'},
                                      {'AttributeName': 'g', 'AttributeType': 'S'}],
             'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}],
             'GlobalSecondaryIndexes': [
                {'IndexName': 'byG', 'Projection': {'ProjectionType': 'ALL'},
                 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}]}],
             'StreamSpecification':
                {'StreamEnabled': true, 'StreamViewType': 'NEW_AND_OLD_IMAGES'}}
            """;

    @TempDir Path directory;

    private DynamoDbFixture db;

    @BeforeEach
    void createTable() {
        db = DynamoDbFixture.onDisk(directory);
        db.call("CreateTable", TABLE);
    }

    @AfterEach
    void close() {
        db.close();
    }

    private static String specification(boolean enabled, String attribute) {
        return """
        {'TableName': 'tab',
         'TimeToLiveSpecification': {'Enabled': %s, 'AttributeName': '%s'}}
        """
                .formatted(enabled, attribute);
    }

    private JsonNode set(boolean enabled, String attribute) {
        return db.call("UpdateTimeToLive", specification(enabled, attribute));
    }

    private String refused(boolean enabled, String attribute) {
        return db.refused("UpdateTimeToLive", specification(enabled, attribute));
    }

    private JsonNode status() {
        return db.call("DescribeTimeToLive", "{'TableName': 'tab'}").get("TimeToLiveDescription");
    }

    private long in(int seconds) {
        return db.clock().instant().getEpochSecond() + seconds;
    }

    private void put(String p, String ttl) {
        db.put("tab", "{'p': {'S': '%s'}, 'g': {'S': 'x'}, 'ttl': %s}".formatted(p, ttl));
    }

    private void put(String p, long ttl) {
        put(p, "{'N': '" + ttl + "'}");
    }

    private List<String> items() {
        List<String> keys = new ArrayList<>();
        for (JsonNode item : db.call("Scan", "{'TableName': 'tab'}").get("Items")) {
            keys.add(item.get("p").get("S").asString());
        }
        keys.sort(null);
        return keys;
    }

    private int entries() {
        return db.store()
                .read(tx -> {
                    byte[] from = {DynamoDbKeys.EXPIRY};
                    int count = 0;
                    try (Cursor cursor = tx.range(from, Bytes.prefixEnd(from), Direction.FORWARD)) {
                        while (cursor.next()) {
                            count += ExpiryEntries.isMark(cursor.key()) ? 0 : 1;
                        }
                    }
                    return count;
                });
    }

    private void advanceAndExpire(int seconds) {
        db.clock().advance(Duration.ofSeconds(seconds));
        db.expireItems();
    }

    @Test
    void tellsWhatIsSwitchedOn() {
        assertThat(status()).isEqualTo(json("{'TimeToLiveStatus': 'DISABLED'}"));

        JsonNode answer = set(true, "ttl");

        assertThat(answer.get("TimeToLiveSpecification"))
                .isEqualTo(json("{'Enabled': true, 'AttributeName': 'ttl'}"));
        assertThat(status())
                .isEqualTo(json("{'TimeToLiveStatus': 'ENABLED', 'AttributeName': 'ttl'}"));
        set(false, "ttl");
        assertThat(status()).isEqualTo(json("{'TimeToLiveStatus': 'DISABLED'}"));
        set(true, "other");
        assertThat(status().get("AttributeName").asString()).isEqualTo("other");
    }

    @Test
    void refusesWhatIsSoAlready() {
        assertThat(refused(false, "ttl"))
                .isEqualTo("ValidationException: TimeToLive is already disabled");
        set(true, "ttl");

        assertThat(refused(true, "ttl"))
                .isEqualTo("ValidationException: TimeToLive is already enabled");
        String different =
                "ValidationException: TimeToLive is active on a different AttributeName: current"
                        + " AttributeName is ttl";
        assertThat(refused(true, "other")).isEqualTo(different);
        assertThat(refused(false, "other")).isEqualTo(different);
    }

    @Test
    void refusesWhatIsNoTableAndNoName() {
        assertThat(
                        db.refused(
                                "UpdateTimeToLive",
                                specification(true, "ttl").replace("'tab'", "'none'")))
                .isEqualTo(
                        "ResourceNotFoundException: Requested resource not found: Table: none not"
                                + " found");
        assertThat(refused(true, ""))
                .contains(
                        "Value '' at 'timeToLiveSpecification.attributeName' failed to satisfy"
                                + " constraint: Member must have length greater than or equal to 1");
    }

    @Test
    void restsForAnHourBetweenChangesWhereThatRuleHolds() {
        db.restartResting();
        set(true, "ttl");
        String tooOften =
                "ValidationException: Time to live has been modified multiple times within a fixed"
                        + " interval";

        assertThat(refused(true, "ttl")).contains("already enabled");
        assertThat(refused(false, "ttl")).isEqualTo(tooOften);
        db.clock().advance(Duration.ofHours(1));
        set(false, "ttl");
        assertThat(refused(true, "ttl")).isEqualTo(tooOften);
    }

    @Test
    void deletesAnItemWhenItsTimeIsOverAndNotBefore() {
        set(true, "ttl");
        put("a", in(10));
        put("b", in(20));

        advanceAndExpire(9);
        assertThat(items()).containsExactly("a", "b");
        db.clock().advance(Duration.ofSeconds(2));
        assertThat(items()).as("expired, and not yet deleted").containsExactly("a", "b");
        db.expireItems();

        assertThat(items()).containsExactly("b");
        JsonNode byG =
                db.call("Scan", "{'TableName': 'tab', 'IndexName': 'byG', 'Select': 'COUNT'}");
        assertThat(byG.get("Count").asInt()).isEqualTo(1);
        JsonNode table = db.call("DescribeTable", "{'TableName': 'tab'}").get("Table");
        assertThat(table.get("ItemCount").asInt()).isEqualTo(1);
        assertThat(entries()).isEqualTo(1);
    }

    @Test
    void theStreamTellsThatTheServiceDeletedIt() {
        set(true, "ttl");
        put("a", in(10));

        advanceAndExpire(11);

        JsonNode record = records().getLast();
        assertThat(record.get("eventName").asString()).isEqualTo("REMOVE");
        assertThat(record.get("userIdentity"))
                .isEqualTo(json("{'PrincipalId': 'dynamodb.amazonaws.com', 'Type': 'Service'}"));
        assertThat(record.get("dynamodb").get("Keys")).isEqualTo(json("{'p': {'S': 'a'}}"));
        assertThat(record.get("dynamodb").get("OldImage").has("ttl")).isTrue();
        assertThat(records().getFirst().has("userIdentity")).isFalse();
    }

    private List<JsonNode> records() {
        String arn =
                db.call("DescribeTable", "{'TableName': 'tab'}")
                        .get("Table")
                        .get("LatestStreamArn")
                        .asString();
        String shard =
                db.call("DescribeStream", "{'StreamArn': '" + arn + "'}")
                        .get("StreamDescription")
                        .get("Shards")
                        .get(0)
                        .get("ShardId")
                        .asString();
        String iterator =
                db.call(
                                "GetShardIterator",
                                """
                                {'StreamArn': '%s', 'ShardId': '%s',
                                 'ShardIteratorType': 'TRIM_HORIZON'}
                                """
                                        .formatted(arn, shard))
                        .get("ShardIterator")
                        .asString();
        List<JsonNode> records = new ArrayList<>();
        db.call("GetRecords", "{'ShardIterator': '" + iterator + "'}")
                .get("Records")
                .forEach(records::add);
        return records;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'S': '1767323045'}",
                "{'N': '-5'}",
                "{'N': '0'}",
                "{'N': '1609459200'}",
                "{'N': '1767323045.5'}",
                "{'N': '1E+100'}",
                "{'L': [{'N': '1767323045'}]}",
                "{'NULL': true}"
            })
    void whatIsNoSecondOfTheLastFiveYearsNeverExpires(String value) {
        set(true, "ttl");
        put("a", value);

        advanceAndExpire(1_000_000);

        assertThat(items()).containsExactly("a");
    }

    @Test
    void anItemThatExpiredBeforeItWasWrittenIsDeleted() {
        set(true, "ttl");
        put("a", in(-86_400));

        db.expireItems();

        assertThat(items()).isEmpty();
    }

    @Test
    void aLaterTimeSavesAndAnEarlierOneHastens() {
        set(true, "ttl");
        put("saved", in(10));
        put("hastened", in(1000));
        put("removed", in(10));
        update("saved", "SET #t = :t", in(100));
        update("hastened", "SET #t = :t", in(5));
        update("removed", "REMOVE #t SET x = :t", 1);
        assertThat(entries()).isEqualTo(2);

        advanceAndExpire(11);

        assertThat(items()).containsExactly("removed", "saved");
        advanceAndExpire(100);
        assertThat(items()).containsExactly("removed");
    }

    private void update(String p, String expression, long value) {
        db.call(
                "UpdateItem",
                """
                {'TableName': 'tab', 'Key': {'p': {'S': '%s'}}, 'UpdateExpression': '%s',
                 'ExpressionAttributeNames': {'#t': 'ttl'},
                 'ExpressionAttributeValues': {':t': {'N': '%d'}}}
                """
                        .formatted(p, expression, value));
    }

    @Test
    void theItemsThatWereThereExpireToo() {
        for (int i = 0; i < 1_200; i++) {
            put("i" + i, in(10));
        }
        put("z", in(100_000));
        set(true, "ttl");
        assertThat(status().get("TimeToLiveStatus").asString()).isEqualTo("ENABLING");
        db.stepJobs();
        assertThat(status().get("TimeToLiveStatus").asString()).isEqualTo("ENABLING");
        assertThat(entries()).isEqualTo(500);
        db.restart();

        db.finishJobs();

        assertThat(status().get("TimeToLiveStatus").asString()).isEqualTo("ENABLED");
        assertThat(entries()).isEqualTo(1_201);
        advanceAndExpire(11);
        assertThat(items()).containsExactly("z");
    }

    @Test
    void switchingOffLeavesNothingBehind() {
        put("a", in(10));
        set(true, "ttl");
        set(false, "ttl");
        assertThat(entries()).isZero();
        db.finishJobs();
        assertThat(entries()).isZero();

        advanceAndExpire(11);

        assertThat(items()).containsExactly("a");
    }

    @Test
    void aDeletedTableLeavesNothingBehind() {
        set(true, "ttl");
        put("a", in(10));
        db.call("DeleteTable", "{'TableName': 'tab'}");

        assertThat(entries()).isZero();
        db.call("CreateTable", TABLE);
        put("a", in(10));
        advanceAndExpire(11);
        assertThat(items()).containsExactly("a");
    }

    @Test
    void expiresAfterARestartWhatExpiredMeanwhile() {
        set(true, "ttl");
        put("a", in(10));
        db.restart();

        advanceAndExpire(86_400);

        assertThat(items()).isEmpty();
    }

    @Test
    void expiresThePagesOfManyTables() {
        List<String> tables = List.of("tab", "tab-2", "tab-3");
        db.createTable("tab-2");
        db.createTable("tab-3");
        for (String table : tables) {
            db.call(
                    "UpdateTimeToLive",
                    specification(true, "ttl").replace("'tab'", "'" + table + "'"));
            for (int i = 0; i < 250; i++) {
                db.put(table, "{'p': {'S': '%d'}, 'ttl': {'N': '%d'}}".formatted(i, in(i % 10)));
            }
        }

        advanceAndExpire(60);

        for (String table : tables) {
            assertThat(db.call("Scan", "{'TableName': '" + table + "'}").get("Count").asInt())
                    .isZero();
        }
        assertThat(entries()).isZero();
    }

    @Test
    void wantOfMemoryForOneTableDoesNotHoldUpTheOthers() {
        set(true, "ttl");
        put("a", in(-1));
        db.createTable("tab-2");
        db.call("UpdateTimeToLive", specification(true, "ttl").replace("'tab'", "'tab-2'"));
        db.put("tab-2", "{'p': {'S': 'b'}, 'ttl': {'N': '%d'}}".formatted(in(-1)));
        FaultyStore faulty = new FaultyStore(db.store());
        faulty.failWrites(1);

        new ExpirySweeper(faulty, db.clock()).sweep();

        assertThat(entries()).isEqualTo(1);
        new ExpirySweeper(faulty, db.clock()).sweep();
        assertThat(entries()).isZero();
    }

    /// Also after a fault of its own.
    @Test
    void aStartedServerExpiresWhatIsWrittenExpired() throws InterruptedException {
        set(true, "ttl");
        FaultyStore faulty = new FaultyStore(db.store());
        faulty.failReads(1);
        ExpirySweeper sweeper = new ExpirySweeper(faulty, db.clock(), Duration.ofMillis(1));
        try (Watch items = db.store().watch(new byte[] {DynamoDbKeys.ITEM})) {
            sweeper.start();
            put("a", in(-1));
            while (!items().isEmpty()) { // ends when the sweeper is woken
                items.await(Duration.ofSeconds(10));
            }
        }
        sweeper.close();

        assertThat(items()).isEmpty();
    }
}
