package io.millrace.service.events;

import io.millrace.delivery.Job;
import io.millrace.pattern.JsonPath;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What keeps events of a bus in order, where the bus asks for it by its tag [#TAG], which AWS does
/// not have: events with the same key reach each target in the order in which they were put.
///
/// @param key the value at the path; null when the event has none, and no order
/// @param sequence the event's place among what its transaction sends
record OrderKey(@Nullable String key, int sequence) {

    /// Its value is a path in the event, as `$.detail.orderId`.
    static final String TAG = "millrace:order-by";

    private static final Pattern GROUP_ID =
            Pattern.compile("[a-zA-Z0-9!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]{1,128}");

    /// Refuses a tag that names no path.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static void check(Map<String, String> tags) {
        String path = tags.get(TAG);
        if (path != null && JsonPath.parse(path).isEmpty()) {
            throw EventsErrors.validation("The tag " + TAG + " is not a JSON path: " + path + ".");
        }
    }

    static boolean isAskedFor(StoredBus bus) {
        return bus.tags().containsKey(TAG);
    }

    /// Empty when the bus does not ask for an order.
    static Optional<OrderKey> of(StoredBus bus, EventEnvelope event, int sequence) {
        return Optional.ofNullable(bus.tags().get(TAG))
                .flatMap(JsonPath::parse)
                .map(path -> new OrderKey(path.read(event.json()).orElse(null), sequence));
    }

    /// Behind which jobs of a target this event waits; null for none.
    Job.@Nullable Order order() {
        return key == null ? null : new Job.Order(key, sequence);
    }

    /// The message group for a FIFO target: the key, where it can be one, or else its hash; for an
    /// event without a key, one of its own.
    String groupId(EventEnvelope event) {
        if (key == null) {
            return event.id();
        }
        String plain =
                key.length() > 1 && key.startsWith("\"") ? key.substring(1, key.length() - 1) : key;
        return GROUP_ID.matcher(plain).matches() ? plain : sha256(key);
    }

    private static String sha256(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
