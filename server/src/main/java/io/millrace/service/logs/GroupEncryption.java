package io.millrace.service.logs;

import io.millrace.engine.Snapshot;
import io.millrace.secret.CustomerKeys;

import org.jspecify.annotations.Nullable;

/// Whether a log group can be encrypted with a key: it must be there, in the group's region, and
/// enabled when it is associated. Source:
/// [AssociateKmsKey](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html).
record GroupEncryption(CustomerKeys keys) {

    /// @param keyId null when there is to be none
    /// @throws io.millrace.wire.ServiceException `AccessDeniedException` for a key that is not
    ///   there, `InvalidParameterException` for one that cannot be used
    void check(Snapshot snapshot, GroupName group, @Nullable String keyId) {
        if (keyId == null) {
            return;
        }
        CustomerKeys.Answer key = keys.find(snapshot, group.accountId(), group.region(), keyId);
        switch (key.state()) {
            case ENABLED -> {}
            case NOT_FOUND -> throw LogsErrors.keyNotFound(group);
            case DISABLED, INVALID_STATE, INVALID_USAGE ->
                    throw LogsErrors.invalidParameter(key.message());
        }
    }
}
