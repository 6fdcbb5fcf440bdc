package io.millrace.stream;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodbstreams.Identity;
import io.millrace.api.dynamodbstreams.Record;
import io.millrace.api.dynamodbstreams.StreamRecord;
import io.millrace.stream.StreamLog.Entry;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;

/// Changes of items as the API tells them.
public final class StreamRecords {
    private static final Identity SERVICE = new Identity("dynamodb.amazonaws.com", "Service");
    private static final HexFormat HEX = HexFormat.of();

    private StreamRecords() {}

    /// The record of an entry of a table's stream.
    public static Record of(TableStream stream, StreamLog log, Entry entry, ImageDecoder images) {
        TableChange change = TableChange.read(entry.payload());
        return Record.builder()
                .eventID(eventId(log, entry))
                .eventName(change.eventName().name())
                .eventVersion("1.1")
                .eventSource("aws:dynamodb")
                .awsRegion(stream.region())
                .userIdentity(change.byService() ? SERVICE : null)
                .dynamodb(
                        StreamRecord.builder()
                                .approximateCreationDateTime(
                                        Instant.ofEpochMilli(entry.epochMillis())
                                                .truncatedTo(ChronoUnit.SECONDS))
                                .keys(images.decode(change.keys()))
                                .oldImage(image(change.oldImage(), images))
                                .newImage(image(change.newImage(), images))
                                .sequenceNumber(entry.position().sequenceNumber())
                                .sizeBytes((long) change.sizeBytes())
                                .streamViewType(stream.viewType())
                                .build())
                .build();
    }

    private static @Nullable Map<String, AttributeValue> image(
            byte @Nullable [] image, ImageDecoder images) {
        return image == null ? null : images.decode(image);
    }

    /// The record's `eventID`: 32 hexadecimal digits, the same whenever the record is read.
    public static String eventId(StreamLog log, Entry entry) {
        long low = entry.position().version() << 16 | entry.position().index();
        return HEX.toHexDigits(log.number() + log.shard()) + HEX.toHexDigits(low);
    }
}
