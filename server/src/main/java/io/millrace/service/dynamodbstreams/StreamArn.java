package io.millrace.service.dynamodbstreams;

import io.millrace.engine.Snapshot;
import io.millrace.pattern.Arn;
import io.millrace.stream.TableStream;
import io.millrace.stream.TableStreams;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// A stream as a request names it: `arn:aws:dynamodb:region:account:table/name/stream/label`.
record StreamArn(String text, String accountId, String region, String tableName, String label) {
    private static final String TABLE = "table/";
    private static final String STREAM = "/stream/";

    /// Null when the text is no ARN of a stream.
    static @Nullable StreamArn parse(String text) {
        Optional<Arn> arn = Arn.parse(text);
        if (arn.isEmpty() || !arn.get().service().equals("dynamodb")) {
            return null;
        }
        String resource = arn.get().resource();
        int split = resource.indexOf(STREAM);
        if (!resource.startsWith(TABLE) || split < 0) {
            return null;
        }
        return new StreamArn(
                text,
                arn.get().accountId(),
                arn.get().region(),
                resource.substring(TABLE.length(), split),
                resource.substring(split + STREAM.length()));
    }

    Arn arn() {
        return Arn.of("dynamodb", region, accountId, TABLE + tableName + STREAM + label);
    }

    /// The stream of that ARN, when it is still there.
    ///
    /// @throws io.millrace.wire.ServiceException when it is not, or the caller may not read it
    static TableStream find(Snapshot tx, Caller caller, String text, long oldestMillis) {
        StreamArn arn = parse(text);
        TableStream stream =
                arn == null
                        ? null
                        : TableStreams.find(
                                tx, arn.accountId(), arn.region(), arn.tableName(), arn.label());
        if (arn != null) {
            StreamPermission.check(tx, caller, arn);
        }
        if (stream == null
                || !stream.arn().equals(text)
                || TableStreams.isGone(stream, oldestMillis)) {
            throw DynamoDbStreamsErrors.streamNotFound(text);
        }
        return stream;
    }
}
