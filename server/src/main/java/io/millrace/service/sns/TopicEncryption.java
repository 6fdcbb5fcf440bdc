package io.millrace.service.sns;

import io.millrace.api.ErrorModel;
import io.millrace.api.sns.SnsApi;
import io.millrace.engine.Snapshot;
import io.millrace.secret.CustomerKeys;
import io.millrace.wire.ServiceException;

/// Whether what is published to a topic with a `KmsMasterKeyId` can be encrypted: AWS takes any
/// name when the topic is made, and refuses to publish while its key is missing or disabled.
/// Source: [Publish, errors](https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
record TopicEncryption(CustomerKeys keys) {

    /// @param requestId of the call; empty for what services do
    /// @throws ServiceException `KMSNotFound`, `KMSDisabled`, `KMSInvalidState`
    void check(Snapshot snapshot, Topic topic, String requestId) {
        String keyId = topic.attributes().get(TopicAttributes.KMS_MASTER_KEY_ID);
        if (keyId == null || keyId.isEmpty()) {
            return;
        }
        CustomerKeys.Answer answer = keys.find(snapshot, topic.accountId(), topic.region(), keyId);
        ErrorModel error =
                switch (answer.state()) {
                    case ENABLED -> null;
                    case NOT_FOUND -> SnsApi.Errors.KMS_NOT_FOUND_EXCEPTION;
                    case DISABLED -> SnsApi.Errors.KMS_DISABLED_EXCEPTION;
                    case INVALID_STATE, INVALID_USAGE -> SnsApi.Errors.KMS_INVALID_STATE_EXCEPTION;
                };
        if (error != null) {
            throw new ServiceException(
                    error, requestId.isEmpty() ? answer.message() : answer.handedOn(requestId));
        }
    }
}
