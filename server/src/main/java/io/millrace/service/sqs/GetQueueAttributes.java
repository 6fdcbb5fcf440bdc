package io.millrace.service.sqs;

import io.millrace.api.sqs.GetQueueAttributesRequest;
import io.millrace.api.sqs.GetQueueAttributesResult;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `GetQueueAttributes`: settings, and how many messages there are. The numbers are exact here.
///
/// Errors: `QueueDoesNotExist`, `InvalidAttributeName`. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html).
final class GetQueueAttributes
        implements Operation<GetQueueAttributesRequest, GetQueueAttributesResult> {
    private final Store store;
    private final InstantSource clock;

    GetQueueAttributes(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public GetQueueAttributesResult handle(Caller caller, GetQueueAttributesRequest request) {
        List<String> names =
                request.attributeNames() == null ? List.of() : request.attributeNames();
        for (String name : names) {
            if (!QueueAttributes.isKnown(name)) {
                throw SqsErrors.unknownAttribute(name);
            }
        }
        Map<String, String> all =
                store.read(tx ->
                        attributes(tx, Queues.require(tx, caller, request.queueUrl()), names));
        if (!names.contains(QueueAttributes.ALL)) {
            all.keySet().retainAll(names);
        }
        return GetQueueAttributesResult.builder().attributes(all.isEmpty() ? null : all).build();
    }

    private Map<String, String> attributes(Snapshot tx, Queue queue, List<String> names) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("QueueArn", queue.arn());
        if (names.stream().anyMatch(name -> name.equals("All") || name.startsWith("Approx"))) {
            Counts counts = Counts.of(tx, queue, clock.millis());
            all.put("ApproximateNumberOfMessages", Long.toString(counts.visible()));
            all.put("ApproximateNumberOfMessagesNotVisible", Long.toString(counts.inFlight()));
            all.put("ApproximateNumberOfMessagesDelayed", Long.toString(counts.delayed()));
        }
        all.put("CreatedTimestamp", Long.toString(queue.createdSeconds()));
        all.put("LastModifiedTimestamp", Long.toString(queue.modifiedSeconds()));
        all.putAll(queue.attributes());
        return all;
    }
}
