package io.millrace.service.sqs;

import io.millrace.delivery.Message.Attribute;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// The MD5 digests that senders and receivers check. Source: [Calculating the MD5 message digest
/// for message
/// attributes](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html).
final class MessageMd5 {

    private static final byte STRING = 1;
    private static final byte BINARY = 2;

    /// Found once, and copied: the search through providers shows beside the digest itself.
    private static final MessageDigest MD5 = made();

    private MessageMd5() {}

    static String ofBody(byte[] body) {
        return hex(md5().digest(body));
    }

    static byte[] bytesOfBody(byte[] body) {
        return md5().digest(body);
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    /// Null when there are no attributes, as AWS then leaves the member out.
    static @Nullable String ofAttributes(Map<String, Attribute> attributes) {
        if (attributes.isEmpty()) {
            return null;
        }
        MessageDigest digest = md5();
        new TreeMap<>(attributes)
                .forEach((name, attribute) -> {
                    update(digest, name.getBytes(StandardCharsets.UTF_8));
                    update(digest, attribute.dataType().getBytes(StandardCharsets.UTF_8));
                    byte[] binary = attribute.binaryValue();
                    if (binary != null) {
                        digest.update(BINARY);
                        update(digest, binary);
                    } else {
                        String value = String.valueOf(attribute.stringValue());
                        digest.update(STRING);
                        update(digest, value.getBytes(StandardCharsets.UTF_8));
                    }
                });
        return hex(digest.digest());
    }

    private static void update(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        digest.update(part);
    }

    private static MessageDigest md5() {
        try {
            return (MessageDigest) MD5.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's digests can be cloned", e);
        }
    }

    private static MessageDigest made() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
