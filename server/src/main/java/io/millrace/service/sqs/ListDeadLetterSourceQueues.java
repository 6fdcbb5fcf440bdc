package io.millrace.service.sqs;

import io.millrace.api.sqs.ListDeadLetterSourceQueuesRequest;
import io.millrace.api.sqs.ListDeadLetterSourceQueuesResult;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

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
                store.read(tx -> {
                    Queue dead = Queues.require(tx, caller, request.queueUrl());
                    String arn = dead.arn();
                    return Queues.list(
                            tx,
                            dead.accountId(),
                            dead.region(),
                            request.nextToken(),
                            countMax,
                            queue -> isSource(queue, arn));
                });
        return ListDeadLetterSourceQueuesResult.builder()
                .queueUrls(
                        page.queues().stream().map(queue -> queue.url(caller.endpoint())).toList())
                .nextToken(request.maxResults() == null ? null : page.nextToken())
                .build();
    }

    private static boolean isSource(Queue queue, String deadLetterArn) {
        Queue.Redrive redrive = queue.redrive();
        return redrive != null && redrive.deadLetterTargetArn().equals(deadLetterArn);
    }
}
