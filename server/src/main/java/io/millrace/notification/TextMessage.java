package io.millrace.notification;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// A text message to one telephone.
///
/// @param id names it, also when it is sent again
/// @param timeMillis when it was written
/// @param accountId on whose behalf
/// @param to the number, in E.164 with its `+`
/// @param senderId the name that the telephone shows; null for none
/// @param attributes whatever else the gateway may need, as `type` and `parts`
public record TextMessage(
        String id,
        long timeMillis,
        String accountId,
        String region,
        String to,
        @Nullable String senderId,
        String text,
        Map<String, String> attributes) {

    public TextMessage {
        attributes = Map.copyOf(attributes);
    }
}
