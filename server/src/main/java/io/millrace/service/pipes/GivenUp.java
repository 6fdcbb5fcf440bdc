package io.millrace.service.pipes;

import io.millrace.api.pipes.DeadLetterConfig;
import io.millrace.delivery.StoreTarget.Outcome;
import io.millrace.engine.Transaction;
import io.millrace.log.Log;
import io.millrace.pattern.Arn;
import io.millrace.pattern.JsonPathText;
import io.millrace.stream.StreamLog;
import io.millrace.stream.StreamLog.Entry;
import io.millrace.stream.StreamRecords;
import io.millrace.stream.TableStream;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/// Records of a stream that are given up: the dead-letter target is told where they are, in the
/// transaction that passes over them. Without one, the operator's log and the pipe's own are.
final class GivenUp {
    static final String EXHAUSTED = "RetryAttemptsExhausted";
    static final String TOO_OLD = "RecordAgeExceeded";

    private static final Log LOG = Log.of(GivenUp.class);

    private final Run run;
    private final TableStream stream;
    private final StreamLog records;
    private final String shardId;

    GivenUp(Run run, TableStream stream, StreamLog records, String shardId) {
        this.run = run;
        this.stream = stream;
        this.records = records;
        this.shardId = shardId;
    }

    /// Null when they are given up; else why not: the dead-letter target does not take them.
    @Nullable Failure put(Transaction tx, List<Entry> entries, String condition) {
        Failure refused = tell(tx, entries, condition);
        if (refused == null) {
            DeadLetterConfig config = run.pipe().settings().stream().deadLetterConfig();
            String arn = config == null ? null : config.arn();
            for (Entry entry : entries) {
                String id = StreamRecords.eventId(records, entry);
                run.parts().trace().givenUp(tx, run.pipe(), id, arn, condition);
            }
        }
        return refused;
    }

    private @Nullable Failure tell(Transaction tx, List<Entry> entries, String condition) {
        DeadLetterConfig config = run.pipe().settings().stream().deadLetterConfig();
        Arn target =
                config == null || config.arn() == null
                        ? null
                        : Arn.parse(config.arn()).orElse(null);
        if (target == null) {
            LOG.warning(
                    "A pipe gave up records of a stream",
                    "pipe",
                    run.pipe().arn(),
                    "condition",
                    condition,
                    "shard",
                    shardId,
                    "from",
                    entries.getFirst().position().sequenceNumber(),
                    "to",
                    entries.getLast().position().sequenceNumber());
            return null;
        }
        Outcome outcome =
                run.parts()
                        .delivery()
                        .putDeadLetter(tx, target, text(entries, condition), run.pipe());
        return outcome instanceof Outcome.Refused(String code, String message)
                ? new Failure(target.service(), code, message, null)
                : null;
    }

    private String text(List<Entry> entries, String condition) {
        Entry first = entries.getFirst();
        Entry last = entries.getLast();
        return "{\"context\":{\"partnerResourceArn\":"
                + JsonPathText.quote(run.pipe().arn())
                + ",\"condition\":\""
                + condition
                + "\"},\"version\":\"1.0\",\"timestamp\":\""
                + PipeTemplate.MILLISECONDS.format(run.parts().clock().instant())
                + "\",\"DDBStreamBatchInfo\":{\"shardId\":\""
                + shardId
                + "\",\"startSequenceNumber\":\""
                + first.position().sequenceNumber()
                + "\",\"endSequenceNumber\":\""
                + last.position().sequenceNumber()
                + "\",\"approximateArrivalOfFirstRecord\":\""
                + PipeTemplate.MILLISECONDS.format(Instant.ofEpochMilli(first.epochMillis()))
                + "\",\"approximateArrivalOfLastRecord\":\""
                + PipeTemplate.MILLISECONDS.format(Instant.ofEpochMilli(last.epochMillis()))
                + "\",\"batchSize\":"
                + entries.size()
                + ",\"streamArn\":"
                + JsonPathText.quote(stream.arn())
                + "}}";
    }
}
