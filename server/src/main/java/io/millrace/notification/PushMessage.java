package io.millrace.notification;

import java.util.Map;

/// A notification to one device.
///
/// @param id names it, also when it is sent again
/// @param timeMillis when it was written
/// @param accountId on whose behalf
/// @param endpointArn the device's endpoint
/// @param applicationArn the application on it
/// @param payload what the platform is to deliver
/// @param attributes the device's token, and whatever else the gateway may need
public record PushMessage(
        String id,
        long timeMillis,
        String accountId,
        String region,
        String endpointArn,
        String applicationArn,
        String payload,
        Map<String, String> attributes) {

    public PushMessage {
        attributes = Map.copyOf(attributes);
    }
}
