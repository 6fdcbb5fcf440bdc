package io.millrace.service.dynamodbstreams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.service.dynamodb.DynamoDbFixture;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Reads a stream as the KCL adapter does: looks for shards, reads a shard only when its parent has
/// been read to its end, and remembers of each shard the number of the last record, or that it has
/// ended. Iterators are forgotten now and then, as by a restart of the reader.
final class CheckpointReader {
    private static final String END = "end";
    private static final String BEGIN = "begin";

    private final ChangeChecker checker;
    private final SplittableRandom random;
    private final Map<String, String> checkpoints = new HashMap<>();
    private final Map<String, String> iterators = new HashMap<>();

    CheckpointReader(ChangeChecker checker, SplittableRandom random) {
        this.checker = checker;
        this.random = random;
    }

    /// A page of each shard that may be read; returns how many records there were.
    int pass(DynamoDbFixture db) {
        String stream =
                db.call("ListStreams", "{}").get("Streams").get(0).get("StreamArn").stringValue();
        Map<String, @Nullable String> parents = shards(db, stream);
        int count = 0;
        for (Map.Entry<String, @Nullable String> shard : parents.entrySet()) {
            String parent = shard.getValue();
            boolean ready =
                    parent == null
                            || !parents.containsKey(parent)
                            || END.equals(checkpoints.get(parent));
            if (ready && !END.equals(checkpoints.get(shard.getKey()))) {
                count += read(db, stream, shard.getKey());
            }
        }
        return count;
    }

    /// Whether every shard but the open ones has been read to its end.
    Set<String> ended() {
        Set<String> ended = new HashSet<>();
        checkpoints.forEach((shard, checkpoint) -> {
            if (checkpoint.equals(END)) {
                ended.add(shard);
            }
        });
        return ended;
    }

    /// Goes on from the checkpoints.
    void restart() {
        iterators.clear();
    }

    private static Map<String, @Nullable String> shards(DynamoDbFixture db, String stream) {
        Map<String, @Nullable String> parents = new LinkedHashMap<>();
        String more = "";
        while (true) { // ends with the last page
            JsonNode page =
                    db.call(
                                    "DescribeStream",
                                    "{'StreamArn': '" + stream + "', 'Limit': 3" + more + "}")
                            .get("StreamDescription");
            for (JsonNode shard : page.get("Shards")) {
                JsonNode parent = shard.get("ParentShardId");
                parents.put(
                        shard.get("ShardId").stringValue(),
                        parent == null ? null : parent.stringValue());
            }
            JsonNode last = page.get("LastEvaluatedShardId");
            if (last == null) {
                return parents;
            }
            more = ", 'ExclusiveStartShardId': " + last;
        }
    }

    private int read(DynamoDbFixture db, String stream, String shard) {
        String iterator = iterators.get(shard);
        if (iterator == null) {
            iterator = iterator(db, stream, shard);
        }
        int limit = random.nextInt(1, 60);
        JsonNode answer =
                db.call(
                        "GetRecords",
                        "{'ShardIterator': '" + iterator + "', 'Limit': " + limit + "}");
        assertThat(answer.get("Records").size()).isLessThanOrEqualTo(limit);
        for (JsonNode record : answer.get("Records")) {
            checker.next(record);
            checkpoints.put(shard, record.get("dynamodb").get("SequenceNumber").stringValue());
        }
        JsonNode next = answer.get("NextShardIterator");
        if (next == null) {
            checkpoints.put(shard, END);
            iterators.remove(shard);
        } else {
            iterators.put(shard, next.stringValue());
        }
        return answer.get("Records").size();
    }

    private String iterator(DynamoDbFixture db, String stream, String shard) {
        String checkpoint = checkpoints.getOrDefault(shard, BEGIN);
        String place =
                checkpoint.equals(BEGIN)
                        ? "'TRIM_HORIZON'"
                        : "'AFTER_SEQUENCE_NUMBER', 'SequenceNumber': '" + checkpoint + "'";
        return db.call(
                        "GetShardIterator",
                        "{'StreamArn': '%s', 'ShardId': '%s', 'ShardIteratorType': %s}"
                                .formatted(stream, shard, place))
                .get("ShardIterator")
                .stringValue();
    }
}
