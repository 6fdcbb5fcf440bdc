package io.millrace.policy;

import org.jspecify.annotations.Nullable;

/// A statement that is about a request.
///
/// @param index of the statement in its policy, from 0
/// @param grant how near its principal is to who asks; of identities' policies always direct
public record Match(
        Layer layer,
        String policy,
        int index,
        @Nullable String sid,
        boolean allows,
        Principals.Nearness grant,
        Statement statement) {

    /// As `identity policy 1, statement 2 (ReadOrders)`.
    public String words() {
        return policy
                + ", statement "
                + (index + 1)
                + (sid == null || sid.isEmpty() ? "" : " (" + sid + ")");
    }
}
