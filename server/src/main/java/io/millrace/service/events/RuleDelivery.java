package io.millrace.service.events;

import io.millrace.api.events.DeadLetterConfig;
import io.millrace.api.events.RetryPolicy;
import io.millrace.api.events.Target;
import io.millrace.delivery.Job;
import io.millrace.delivery.Message;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// What a rule owes one target: a job of the outbox whose payload is the event as it came in, and
/// whose attribute is the rest.
///
/// @param input what the target gets; null when that is the event itself
/// @param http headers and the like, for targets that are called by HTTP
/// @param hops with the one to the target, where that is a bus
record RuleDelivery(
        String ruleArn,
        String targetArn,
        String targetId,
        String eventId,
        @Nullable String input,
        @Nullable String groupId,
        @Nullable String traceHeader,
        HttpValues http,
        @Nullable BusHops hops) {

    static final String KIND = "events.target";

    private static final String ATTRIBUTE = "delivery";
    private static final ResourceCodec<RuleDelivery> CODEC =
            new ResourceCodec<>(RuleDelivery.class);

    /// Of a rule that matched.
    ///
    /// @param input what [TargetInput] made of the event
    static RuleDelivery of(
            String ruleArn, OrderedTarget ordered, EventEnvelope event, String input) {
        return of(ruleArn, ordered, event, input, null);
    }

    /// To another bus.
    static RuleDelivery toBus(
            String ruleArn, OrderedTarget ordered, EventEnvelope event, @Nullable BusHops hops) {
        return of(ruleArn, ordered, event, event.json(), hops);
    }

    private static RuleDelivery of(
            String ruleArn,
            OrderedTarget ordered,
            EventEnvelope event,
            String input,
            @Nullable BusHops hops) {
        Target target = ordered.target();
        return new RuleDelivery(
                ruleArn,
                target.arn(),
                target.id(),
                event.id(),
                input.equals(event.json()) ? null : input,
                ordered.groupId(event),
                event.traceHeader(),
                HttpValues.of(target.httpParameters(), event.json()),
                hops);
    }

    static RuleDelivery of(Job job) {
        String attribute = job.attributes().getOrDefault(ATTRIBUTE, "");
        return CODEC.decode(attribute.getBytes(StandardCharsets.UTF_8));
    }

    Job job(OrderedTarget ordered, String eventJson) {
        Target target = ordered.target();
        OrderKey order = ordered.order();
        DeadLetterConfig deadLetters = target.deadLetterConfig();
        return new Job(
                        KIND,
                        targetArn,
                        Map.of(ATTRIBUTE, new String(CODEC.encode(this), StandardCharsets.UTF_8)),
                        eventJson.getBytes(StandardCharsets.UTF_8),
                        policy(target.retryPolicy()),
                        deadLetters == null ? null : deadLetters.arn())
                .ordered(order == null ? null : order.order());
    }

    private static io.millrace.delivery.RetryPolicy policy(@Nullable RetryPolicy given) {
        Integer retries = given == null ? null : given.maximumRetryAttempts();
        Integer seconds = given == null ? null : given.maximumEventAgeInSeconds();
        return io.millrace.delivery.RetryPolicy.backingOff(
                retries == null ? EventsLimits.RETRIES_MAX : retries,
                seconds == null ? EventsLimits.EVENT_AGE_MAX : Duration.ofSeconds(seconds));
    }

    static String event(Job job) {
        return new String(job.payload(), StandardCharsets.UTF_8);
    }

    /// What the target gets.
    String body(String eventJson) {
        return input == null ? eventJson : input;
    }

    Message message(String eventJson) {
        return new Message(
                body(eventJson),
                Map.of(),
                null,
                groupId,
                null,
                traceHeader,
                EventRouter.SENDER_ID,
                ruleArn);
    }

    /// For a dead-letter queue: what the target was to get.
    Message deadLetter(String eventJson, Map<String, Message.Attribute> attributes) {
        return new Message(
                body(eventJson),
                attributes,
                null,
                null,
                null,
                traceHeader,
                EventRouter.SENDER_ID,
                ruleArn);
    }
}
