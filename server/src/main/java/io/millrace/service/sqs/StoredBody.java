package io.millrace.service.sqs;

import io.millrace.delivery.Rendering;
import io.millrace.delivery.Renderings;
import io.millrace.delivery.SharedPayload;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What a message says, as its queue keeps it.
sealed interface StoredBody {

    /// The text itself.
    ///
    /// @param utf8 in UTF-8
    /// @param md5 16 bytes
    record Text(byte[] utf8, byte[] md5) implements StoredBody {

        static Text of(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            return new Text(utf8, MessageMd5.bytesOfBody(utf8));
        }

        String text() {
            return new String(utf8, StandardCharsets.UTF_8);
        }

        @Override
        public Text in(Renderings renderings) {
            return this;
        }

        @Override
        public String sha256() {
            return HexFormat.of().formatHex(digest().digest(utf8));
        }
    }

    /// A text that is made when the message is received: a [io.millrace.delivery.Rendering].
    record Rendered(String kind, byte[] own, byte[] shared) implements StoredBody {

        @Override
        public Text in(Renderings renderings) {
            return Text.of(renderings.text(kind, own, shared));
        }

        @Override
        public int sharedBytes() {
            return shared.length;
        }

        /// Not the text's: of what makes it, which is the same for the same text.
        @Override
        public String sha256() {
            MessageDigest digest = digest();
            digest.update(kind.getBytes(StandardCharsets.UTF_8));
            digest.update(own);
            digest.update(shared);
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    /// A rendering on its way into the store, where it will share its payload with others of the
    /// same transaction. What is read from there is [Rendered].
    record Shared(String kind, byte[] own, SharedPayload payload) implements StoredBody {

        @Override
        public Text in(Renderings renderings) {
            return new Rendered(kind, own, payload.bytes()).in(renderings);
        }

        @Override
        public String sha256() {
            return new Rendered(kind, own, payload.bytes()).sha256();
        }
    }

    static StoredBody of(Rendering rendering) {
        SharedPayload payload = rendering.payload();
        return payload == null
                ? new Rendered(rendering.kind(), rendering.own(), rendering.shared())
                : new Shared(rendering.kind(), rendering.own(), payload);
    }

    /// How much of it may stand elsewhere in the store.
    default int sharedBytes() {
        return 0;
    }

    /// The text. Outside of any transaction.
    Text in(Renderings renderings);

    /// What tells contents apart, for deduplication by content.
    String sha256();

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
