package io.millrace.service.pipes;

import io.millrace.api.dynamodbstreams.Record;
import io.millrace.api.dynamodbstreams.StreamRecord;
import io.millrace.engine.Transaction;
import io.millrace.stream.ImageDecoder;
import io.millrace.stream.StreamLog;
import io.millrace.stream.StreamLog.Entry;
import io.millrace.stream.StreamRecords;
import io.millrace.stream.TableChange;
import io.millrace.stream.TableStream;

import java.util.List;

/// Tells the trace of the writes that a stream's records come from, when a pipe has to do with
/// them.
record RecordTrace(
        PipeTrace trace,
        StoredPipe pipe,
        TableStream stream,
        StreamLog records,
        ImageDecoder images) {

    /// Of the records that the pipe has behind it, and of those that its filters did not want.
    ///
    /// @param dropped those, by their place among the entries
    void passed(Transaction tx, List<Entry> entries, List<PipeEvent> dropped) {
        written(tx, entries);
        for (PipeEvent event : dropped) {
            if (event.index() < entries.size()) {
                trace.filtered(tx, pipe, event);
            }
        }
    }

    void written(Transaction tx, List<Entry> entries) {
        if (trace.isOn()) {
            for (Entry entry : entries) {
                trace.written(tx, stream, entry.epochMillis(), withoutImages(entry));
            }
        }
    }

    private Record withoutImages(Entry entry) {
        TableChange change = TableChange.read(entry.payload());
        return Record.builder()
                .eventID(StreamRecords.eventId(records, entry))
                .eventName(change.eventName().name())
                .dynamodb(
                        StreamRecord.builder()
                                .keys(images.decode(change.keys()))
                                .sequenceNumber(entry.position().sequenceNumber())
                                .build())
                .build();
    }
}
