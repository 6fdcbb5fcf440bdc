package io.millrace.service.sqs;

import io.millrace.api.ErrorModel;
import io.millrace.api.sqs.SqsApi;
import io.millrace.engine.Snapshot;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.ServiceException;

/// Whether the messages of a queue with a `KmsMasterKeyId` can be encrypted and decrypted: AWS
/// takes any name when the queue is made, and refuses to send and to receive while its key is
/// missing or disabled. Source: [SendMessage,
/// errors](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
record QueueEncryption(CustomerKeys keys) {

    /// @param requestId of the call; empty for what services do
    /// @throws ServiceException `KMS.NotFoundException`, `KMS.DisabledException`,
    ///   `KMS.InvalidStateException`, `KMS.InvalidKeyUsageException`
    void check(Snapshot snapshot, Queue queue, String requestId) {
        String keyId = queue.attributes().get(QueueAttributes.KMS_KEY);
        if (keyId == null) {
            return;
        }
        CustomerKeys.Answer answer = keys.find(snapshot, queue.accountId(), queue.region(), keyId);
        ErrorModel error =
                switch (answer.state()) {
                    case ENABLED -> null;
                    case NOT_FOUND -> SqsApi.Errors.KMS_NOT_FOUND;
                    case DISABLED -> SqsApi.Errors.KMS_DISABLED;
                    case INVALID_STATE -> SqsApi.Errors.KMS_INVALID_STATE;
                    case INVALID_USAGE -> SqsApi.Errors.KMS_INVALID_KEY_USAGE;
                };
        if (error != null) {
            throw new ServiceException(
                    error, requestId.isEmpty() ? answer.message() : answer.handedOn(requestId));
        }
    }
}
