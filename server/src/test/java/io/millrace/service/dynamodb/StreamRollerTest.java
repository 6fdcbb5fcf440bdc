package io.millrace.service.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.FaultyStore;
import io.millrace.stream.StreamOptions;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// Faults of ours while shards are switched; that they are switched is for
/// [io.millrace.service.dynamodbstreams].
final class StreamRollerTest {
    private final DynamoDbFixture db = DynamoDbFixture.inMemory();

    @Test
    void wantOfMemoryForOneTableDoesNotHoldUpTheOthers() {
        for (String table : new String[] {"first", "second"}) {
            db.createTable(table, "N", "'StreamSpecification': " + streams() + ",");
            db.put(table, "{'p': {'S': 'x'}, 's': {'N': '1'}}");
        }
        db.clock().advance(Duration.ofHours(5));
        FaultyStore faulty = new FaultyStore(db.store());
        faulty.failReadsAfter(1, 1); // the first finds the streams
        try (StreamRoller roller = new StreamRoller(faulty, db.clock(), StreamOptions.DEFAULT)) {

            roller.roll();

            assertThat(shards("first")).isEqualTo(1);
            assertThat(shards("second")).isEqualTo(2);
            roller.roll();
            assertThat(shards("first")).isEqualTo(2);
        }
    }

    private static String streams() {
        return "{'StreamEnabled': true, 'StreamViewType': 'KEYS_ONLY'}";
    }

    private int shards(String table) {
        String arn =
                db.call("DescribeTable", "{'TableName': '" + table + "'}")
                        .get("Table")
                        .get("LatestStreamArn")
                        .stringValue();
        return db.call("DescribeStream", "{'StreamArn': '" + arn + "'}")
                .get("StreamDescription")
                .get("Shards")
                .size();
    }
}
