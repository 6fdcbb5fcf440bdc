package io.millrace.service.sqs;

import io.millrace.api.sqs.GetQueueUrlRequest;
import io.millrace.api.sqs.GetQueueUrlResult;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `GetQueueUrl`: the URL of a queue by its name, and the account if it is another's.
///
/// Errors: `QueueDoesNotExist`, `AccessDenied`. Source: [API
/// reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html).
final class GetQueueUrl implements Operation<GetQueueUrlRequest, GetQueueUrlResult> {
    private final Store store;

    GetQueueUrl(Store store) {
        this.store = store;
    }

    @Override
    public GetQueueUrlResult handle(Caller caller, GetQueueUrlRequest request) {
        String owner = request.queueOwnerAWSAccountId();
        String account = owner == null ? caller.accountId() : owner;
        Queue queue =
                store.read(tx -> {
                    Queue found = Queues.byName(tx, account, caller.region(), request.queueName());
                    if (found == null) {
                        throw SqsErrors.queueDoesNotExist();
                    }
                    Permission.check(caller, found);
                    return found;
                });
        return GetQueueUrlResult.builder().queueUrl(queue.url(caller.endpoint())).build();
    }
}
