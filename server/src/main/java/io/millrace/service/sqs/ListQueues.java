package io.millrace.service.sqs;

import io.millrace.api.sqs.ListQueuesRequest;
import io.millrace.api.sqs.ListQueuesResult;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `ListQueues`: the caller's queues in one region by name, in pages when `MaxResults` is given and
/// else the first thousand.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html).
final class ListQueues implements Operation<ListQueuesRequest, ListQueuesResult> {
    private final Store store;

    ListQueues(Store store) {
        this.store = store;
    }

    @Override
    public ListQueuesResult handle(Caller caller, ListQueuesRequest request) {
        int countMax = countMax(request.maxResults());
        String prefix = request.queueNamePrefix() == null ? "" : request.queueNamePrefix();
        Queues.Page page =
                store.read(tx ->
                        Queues.list(
                                tx,
                                caller.accountId(),
                                caller.region(),
                                request.nextToken(),
                                countMax,
                                queue -> queue.name().startsWith(prefix)));
        return ListQueuesResult.builder()
                .queueUrls(
                        page.queues().isEmpty()
                                ? null
                                : page.queues().stream()
                                        .map(queue -> queue.url(caller.endpoint()))
                                        .toList())
                .nextToken(request.maxResults() == null ? null : page.nextToken())
                .build();
    }

    static int countMax(@Nullable Integer maxResults) {
        if (maxResults == null) {
            return SqsLimits.LIST_RESULTS_MAX;
        }
        if (maxResults < 1 || maxResults > SqsLimits.LIST_RESULTS_MAX) {
            throw SqsErrors.invalidValue(
                    maxResults, "MaxResults", "MaxResults must be an integer between 1 and 1000.");
        }
        return maxResults;
    }
}
