package io.millrace.service.sns;

import io.millrace.delivery.Rendering;
import io.millrace.delivery.SharedPayload;
import io.millrace.delivery.XmlText;
import io.millrace.engine.Transaction;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// What the recipients of one publication get, in one transaction: the envelope for most, the bare
/// text for raw ones; stored once where that saves space. For one run of one transaction's body.
final class SharedTexts {

    /// The name of what all envelopes are made of; no body has it.
    private static final String NOTIFICATION = "";

    private final Notification notification;
    private final Envelope envelope;
    private final Ids ids;
    private final Map<String, byte[]> contents = new HashMap<>();
    private final Map<String, Boolean> isXml = new HashMap<>();
    private final Map<String, SharedPayload> payloads = new HashMap<>();
    private int recipientCount = 1;

    SharedTexts(Notification notification, Notifications notifications, Ids ids) {
        this.notification = notification;
        this.envelope = notifications.envelope(notification);
        this.ids = ids;
    }

    /// To be told before anything is asked: with a single recipient nothing is shared.
    void expect(int count) {
        recipientCount = count;
    }

    /// What a queue keeps, or null when the text has characters that it would not take.
    @Nullable Rendering rendering(Subscription subscription) {
        String variant = variant(subscription);
        if (!subscription.isRaw()) {
            return envelope.isXml(variant)
                    ? Notifications.rendering(
                            envelope, notification(), payload(), variant, subscription.arn())
                    : null;
        }
        if (!isXml.computeIfAbsent(variant, _ -> XmlText.is(body(variant)))) {
            return null;
        }
        byte[] text = text(variant);
        SharedPayload payload = payload(variant, text);
        return payload == null
                ? null
                : new Rendering(Rendering.TEXT, new byte[0], text, payload, text.length);
    }

    /// The text itself, for a queue that keeps it, or refuses it.
    String text(Subscription subscription) {
        String variant = variant(subscription);
        return subscription.isRaw()
                ? notification.publication().body(subscription.protocol())
                : envelope.draft(variant, subscription.arn());
    }

    /// What all envelopes are made of: a [Notification].
    byte[] notification() {
        return contents.computeIfAbsent(
                NOTIFICATION, _ -> Notification.CODEC.encodeToBeRead(notification));
    }

    /// The same, where it is shared.
    @Nullable SharedPayload payload() {
        return payload(NOTIFICATION, notification());
    }

    /// The same, shared in any case.
    SharedPayload sharedNotification() {
        return payloads.computeIfAbsent(
                NOTIFICATION, _ -> new SharedPayload(notification(), ids.number()));
    }

    /// The bare text that a raw subscription gets, where it is shared.
    @Nullable SharedPayload rawPayload(Subscription subscription) {
        String variant = variant(subscription);
        return payload(variant, text(variant));
    }

    /// Stores what is shared. After the last recipient.
    void put(Transaction tx, long nowMillis) {
        payloads.values().forEach(payload -> payload.put(tx, nowMillis));
    }

    private String variant(Subscription subscription) {
        return notification.publication().variant(subscription.protocol());
    }

    private byte[] text(String variant) {
        return contents.computeIfAbsent(
                variant, _ -> body(variant).getBytes(StandardCharsets.UTF_8));
    }

    private String body(String variant) {
        return notification.publication().body(variant);
    }

    private @Nullable SharedPayload payload(String name, byte[] content) {
        long saved = (long) content.length * (recipientCount - 1);
        return saved < SnsLimits.SHARING_SAVES_BYTES
                ? null
                : payloads.computeIfAbsent(name, _ -> new SharedPayload(content, ids.number()));
    }
}
