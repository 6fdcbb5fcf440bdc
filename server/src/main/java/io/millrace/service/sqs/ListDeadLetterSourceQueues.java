package io.millrace.service.sqs;

import io.millrace.api.sqs.ListDeadLetterSourceQueuesRequest;
import io.millrace.api.sqs.ListDeadLetterSourceQueuesResult;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// `ListDeadLetterSourceQueues`: the queues whose redrive policy names this one.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListDeadLetterSourceQueues.html).
final class ListDeadLetterSourceQueues
        implements Operation<ListDeadLetterSourceQueuesRequest, ListDeadLetterSourceQueuesResult> {
    private final Store store;

    ListDeadLetterSourceQueues(Store store) {
        this.store = store;
    }

    @Override
    public ListDeadLetterSourceQueuesResult handle(
            Caller caller, ListDeadLetterSourceQueuesRequest request) {
        int countMax = ListQueues.countMax(request.maxResults());
        Queues.Page page =
                store.read(tx ->
                        sources(
                                tx,
                                Queues.require(tx, caller, request.queueUrl()),
                                request.nextToken(),
                                countMax));
        return ListDeadLetterSourceQueuesResult.builder()
                .queueUrls(
                        page.queues().stream().map(queue -> queue.url(caller.endpoint())).toList())
                .nextToken(request.maxResults() == null ? null : page.nextToken())
                .build();
    }

    /// A queue and its dead-letter queue have the same account and region.
    static Queues.Page sources(
            Snapshot tx, Queue deadLetters, @Nullable String nextToken, int countMax) {
        String arn = deadLetters.arn();
        return Queues.list(
                tx,
                deadLetters.accountId(),
                deadLetters.region(),
                nextToken,
                countMax,
                queue -> isSource(queue, arn));
    }

    /// All of them.
    static List<Queue> sources(Snapshot tx, Queue deadLetters) {
        return sources(tx, deadLetters, null, Integer.MAX_VALUE).queues();
    }

    private static boolean isSource(Queue queue, String deadLetterArn) {
        Queue.Redrive redrive = queue.redrive();
        return redrive != null && redrive.deadLetterTargetArn().equals(deadLetterArn);
    }
}
