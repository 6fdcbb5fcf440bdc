package io.millrace.app;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/// Whose a durable key is, in words, by its first byte; each package's `…Keys` page says more.
final class KeySpace {

    private record Part(int first, int last, String owner) {}

    private static final Part[] PARTS = {
        new Part(0x01, 0x06, "DynamoDB's tables"),
        new Part(0x08, 0x0f, "deliveries"),
        new Part(0x10, 0x1f, "DynamoDB's items"),
        new Part(0x20, 0x2f, "table streams"),
        new Part(0x30, 0x3f, "SQS"),
        new Part(0x40, 0x4f, "SNS"),
        new Part(0x50, 0x5b, "EventBridge"),
        new Part(0x5c, 0x5c, "entries that were set aside"),
        new Part(0x5d, 0x5d, "data keys of secrets"),
        new Part(0x5e, 0x5f, "EventBridge's archives"),
        new Part(0x60, 0x67, "SQS"),
        new Part(0x68, 0x68, "SNS"),
        new Part(0x69, 0x6a, "the mailbox"),
        new Part(0x6b, 0x6f, "SNS"),
        new Part(0x71, 0x71, "EventBridge"),
        new Part(0x72, 0x77, "EventBridge's archives"),
        new Part(0x78, 0x79, "timers"),
        new Part(0x7a, 0x7f, "schedules"),
        new Part(0x80, 0x87, "pipes"),
        new Part(0x88, 0x8f, "schemas"),
        new Part(0x90, 0x97, "logs"),
        new Part(0x98, 0x9f, "traces"),
        new Part(0xa0, 0xa7, "IAM"),
        new Part(0xa8, 0xaf, "KMS"),
        new Part(0xb0, 0xb3, "Secrets Manager"),
        new Part(0xb4, 0xb4, "the audit log")
    };

    /// The first bytes under which counters are, as the `…Keys` pages say.
    private static final Set<Integer> COUNTERS =
            Set.of(0x0c, 0x13, 0x14, 0x25, 0x31, 0x4b, 0x6a, 0x73, 0x8f, 0x96, 0x9a, 0xa6, 0xaf);

    private KeySpace() {}

    static String owner(int firstByte) {
        return Arrays.stream(PARTS)
                .filter(part -> part.first() <= firstByte && firstByte <= part.last())
                .map(Part::owner)
                .findFirst()
                .orElse("keys of " + HexFormat.of().toHexDigits((byte) firstByte));
    }

    /// Whether a value of eight bytes may be a counter there, which the store itself adds up.
    static boolean mayCount(byte[] key) {
        return key.length > 0 && COUNTERS.contains(key[0] & 0xff);
    }

    /// All owners between two keys.
    static String owners(byte @Nullable [] from, byte @Nullable [] to) {
        if (from == null || to == null || from.length == 0 || to.length == 0) {
            return "unknown keys";
        }
        StringBuilder text = new StringBuilder();
        for (int first = from[0] & 0xff; first <= (to[0] & 0xff); first++) {
            String owner = owner(first);
            if (!owner.startsWith("keys of ") && text.indexOf(owner) < 0) {
                text.append(text.isEmpty() ? "" : ", ").append(owner);
            }
        }
        return text.isEmpty() ? owner(from[0] & 0xff) : text.toString();
    }
}
