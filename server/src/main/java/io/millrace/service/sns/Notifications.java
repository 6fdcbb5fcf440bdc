package io.millrace.service.sns;

import io.millrace.delivery.Message;
import io.millrace.delivery.Renderer;
import io.millrace.delivery.Rendering;
import io.millrace.delivery.SharedPayload;
import io.millrace.engine.Store;
import io.millrace.wire.Ids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Makes the JSON of notifications when they are read, and signs it then.
///
/// A signature costs more than everything else of a publish, and readers can wait for it. It is of
/// a kind without randomness (RSASSA-PKCS1-v1_5), so that a text is the same on every reading; the
/// subscriptions of a topic share it. Thread-safe.
public final class Notifications implements Renderer {

    /// The kind of our renderings.
    public static final String KIND = "sns.notification";

    /// What one signature is for: a text, by its digest.
    private record Signed(String version, String sha256) {}

    /// One signature, made once by whoever asks first.
    private static final class Signature {
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable String text;
    }

    private final SigningKeys keys;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Signed, Signature> recent =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Signed, Signature> eldest) {
                    return size() > SnsLimits.CACHED_SIGNATURES;
                }
            };

    public Notifications(Store store, InstantSource clock, Ids ids) {
        this.keys = new SigningKeys(store, clock, ids);
    }

    SigningKeys keys() {
        return keys;
    }

    @Override
    public String render(byte[] own, byte[] shared) {
        String recipient = new String(own, StandardCharsets.UTF_8);
        int end = recipient.indexOf('\n');
        Notification decoded = Notification.CODEC.decode(shared);
        String subscriptionArn = decoded.topicArn() + ":" + recipient.substring(end + 1);
        return text(decoded, recipient.substring(0, end), subscriptionArn);
    }

    /// The text for one subscription, signed. Outside of any transaction.
    ///
    /// @param notification a [Notification]
    String text(byte[] notification, String variant, String subscriptionArn) {
        return text(Notification.CODEC.decode(notification), variant, subscriptionArn);
    }

    private String text(Notification notification, String variant, String subscriptionArn) {
        Envelope envelope = envelope(notification);
        String signature = signature(notification, envelope, variant);
        return envelope.text(variant, subscriptionArn, signature);
    }

    /// What a dead-letter queue receives of a notification.
    Message message(byte[] notification, String variant, String subscriptionArn) {
        Envelope envelope = envelope(Notification.CODEC.decode(notification));
        return envelope.isXml(variant)
                ? Message.of(
                        rendering(envelope, notification, null, variant, subscriptionArn),
                        Dispatch.SENDER_ID)
                : Message.of(envelope.draft(variant, subscriptionArn), Dispatch.SENDER_ID);
    }

    Envelope envelope(Notification notification) {
        return new Envelope(notification, keys.path());
    }

    /// What a queue keeps of a notification.
    ///
    /// @param envelope that of `notification`
    /// @param shared where the notification is stored for several; null where for one
    static Rendering rendering(
            Envelope envelope,
            byte[] notification,
            @Nullable SharedPayload shared,
            String variant,
            String subscriptionArn) {
        String id = Subscription.id(subscriptionArn);
        byte[] own = (variant + "\n" + id).getBytes(StandardCharsets.UTF_8);
        int length = envelope.length(variant, subscriptionArn);
        return new Rendering(KIND, own, notification, shared, length);
    }

    private @Nullable String signature(
            Notification notification, Envelope envelope, String variant) {
        String version = notification.signatureVersion();
        if (version == null) {
            return null;
        }
        String signed = envelope.signed(variant);
        Signature signature = cached(new Signed(version, sha256(signed)));
        signature.lock.lock();
        try {
            String text = signature.text;
            if (text == null) {
                text = keys.sign(version, signed);
                signature.text = text;
            }
            return text;
        } finally {
            signature.lock.unlock();
        }
    }

    private Signature cached(Signed signed) {
        lock.lock();
        try {
            return recent.computeIfAbsent(signed, _ -> new Signature());
        } finally {
            lock.unlock();
        }
    }

    private static String sha256(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
