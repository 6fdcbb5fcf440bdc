package io.millrace.service.events;

import io.millrace.api.events.DeadLetterConfig;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

/// What may stand in the settings of a bus, and what empty ones mean.
final class BusSettings {

    private BusSettings() {}

    /// A dead-letter queue is a standard queue in the region of the bus. Source: [dead-letter
    /// queues](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static void check(String region, @Nullable DeadLetterConfig config) {
        DeadLetterConfig deadLetters = deadLetters(config);
        if (deadLetters == null) {
            return;
        }
        String text = String.valueOf(deadLetters.arn());
        Arn queue =
                Arn.parse(text)
                        .filter(arn -> arn.service().equals("sqs"))
                        .orElseThrow(() -> EventsErrors.invalidArn(text));
        if (queue.resource().endsWith(".fifo")) {
            throw EventsErrors.validation(
                    "Parameter "
                            + text
                            + " is not valid. Reason: Dead-letter queue must be a standard queue.");
        }
        if (!queue.region().equals(region)) {
            throw EventsErrors.validation(
                    "Parameter "
                            + text
                            + " is not valid. Reason: Dead-letter queue must be in the Region of"
                            + " the event bus.");
        }
    }

    /// Null for none, as `{}` also says.
    static @Nullable DeadLetterConfig deadLetters(@Nullable DeadLetterConfig config) {
        return config == null || config.arn() == null ? null : config;
    }

    /// Null for the key of the service, as the empty string also says.
    static @Nullable String kmsKey(@Nullable String identifier) {
        return identifier == null || identifier.isEmpty() ? null : identifier;
    }
}
