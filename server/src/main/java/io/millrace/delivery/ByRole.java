package io.millrace.delivery;

import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/// Services that deliver by a role of their resource's account, as pipes and schedules do: in that
/// account, what a target's policy does not deny is open to them, and it need not let them in.
/// Source: [cross-service
/// access](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html).
public final class ByRole {
    private static final Set<String> SERVICES = Set.of("pipes", "scheduler");

    private ByRole() {}

    /// Whether a delivery on behalf of `source` to a target of this account needs no permission by
    /// the target's policy.
    public static boolean isOwn(@Nullable Arn source, String accountId) {
        return source != null
                && SERVICES.contains(source.service())
                && source.accountId().equals(accountId);
    }
}
