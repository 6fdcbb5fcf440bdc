package io.millrace.service.logs;

import io.millrace.delivery.Message;
import io.millrace.engine.Snapshot;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

/// Whether a service may write to a group: those of the group's own account may.
final class DeliveryPermission {

    /// Checks that the message may be written to the group.
    ///
    /// @throws io.millrace.wire.ServiceException `AccessDeniedException`
    void check(Snapshot snapshot, GroupName group, Message message) {
        String account = account(message.sourceArn());
        if (account != null && !account.equals(group.accountId())) {
            throw LogsErrors.accessDenied(message.senderId(), group);
        }
    }

    private static @Nullable String account(@Nullable String sourceArn) {
        return sourceArn == null ? null : Arn.parse(sourceArn).map(Arn::accountId).orElse(null);
    }
}
