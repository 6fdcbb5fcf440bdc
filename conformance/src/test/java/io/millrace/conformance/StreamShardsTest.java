package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;
import io.millrace.app.Configuration;
import io.millrace.app.Millrace;
import io.millrace.app.StartException;
import io.millrace.stream.StreamOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardFilterType;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A shard of a DynamoDB stream ends and has children, through the AWS SDK for Java v2: the parent
/// has an end and is read to it, the children name it. AWS does so every four hours.
final class StreamShardsTest {
    private static final String TABLE = "watched";
    private static final int WRITES = 25;

    @TempDir Path data;

    private Configuration configuration() {
        return Configuration.of(data)
                .withStreams(new StreamOptions(Duration.ofHours(24), Duration.ofHours(4), 10, 2));
    }

    @Test
    void aFullShardHasAnEndAndChildren() throws StartException {
        String stream;
        try (Millrace millrace = Millrace.start(configuration());
                Clients aws = new Clients(URI.create(millrace.endpoint()), "111122223333")) {
            stream = aws.createTable(TABLE, StreamViewType.KEYS_ONLY);
            put(aws, 0, WRITES);
        }
        try (Millrace millrace = Millrace.start(configuration()); // looks at the shards at once
                Clients aws = new Clients(URI.create(millrace.endpoint()), "111122223333")) {
            Eventually.see("three shards", () -> shards(aws, stream), now -> now.size() >= 3);
            put(aws, WRITES, WRITES);

            List<Shard> shards = shards(aws, stream);
            Shard parent = shards.getFirst();
            assertThat(parent.sequenceNumberRange().endingSequenceNumber()).isNotNull();
            assertThat(parent.parentShardId()).isNull();
            assertThat(read(aws, stream, parent)).hasSize(WRITES);
            List<Shard> children = children(aws, stream, parent);
            assertThat(children).isEqualTo(shards.subList(1, 3));
            assertThat(children)
                    .allSatisfy(child -> {
                        assertThat(child.parentShardId()).isEqualTo(parent.shardId());
                        assertThat(child.sequenceNumberRange().endingSequenceNumber()).isNull();
                    });
            List<String> later = new ArrayList<>();
            children.forEach(child -> later.addAll(read(aws, stream, child)));
            assertThat(later).hasSize(WRITES).doesNotHaveDuplicates();
        }
    }

    private static void put(Clients aws, int from, int count) {
        for (int i = from; i < from + count; i++) {
            String id = Integer.toString(i);
            aws.dynamodb.putItem(request ->
                    request.tableName(TABLE).item(Map.of("id", AttributeValue.fromS(id))));
        }
    }

    private static List<Shard> shards(Clients aws, String stream) {
        return aws.streams
                .describeStream(request -> request.streamArn(stream))
                .streamDescription()
                .shards();
    }

    private static List<Shard> children(Clients aws, String stream, Shard parent) {
        return aws.streams
                .describeStream(request ->
                        request.streamArn(stream)
                                .shardFilter(filter ->
                                        filter.type(ShardFilterType.CHILD_SHARDS)
                                                .shardId(parent.shardId())))
                .streamDescription()
                .shards();
    }

    /// The ids in a shard, to its end or to what was written last.
    private static List<String> read(Clients aws, String stream, Shard shard) {
        List<String> ids = new ArrayList<>();
        String next =
                aws.streams
                        .getShardIterator(request ->
                                request.streamArn(stream)
                                        .shardId(shard.shardId())
                                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                        .shardIterator();
        int found = 1;
        while (next != null && found > 0) {
            String iterator = next;
            GetRecordsResponse page =
                    aws.streams.getRecords(request -> request.shardIterator(iterator).limit(7));
            page.records().forEach(record -> ids.add(record.dynamodb().keys().toString()));
            found = page.records().size();
            next = page.nextShardIterator();
        }
        return ids;
    }
}
