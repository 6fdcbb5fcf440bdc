package io.millrace.notification;

import io.millrace.engine.KeyWriter;

/// All durable keys of this package.
///
/// | prefix | key | value | lifetime |
/// |---|---|---|---|
/// | `69` mailbox | milliseconds, id | [MailboxEntry] | 14 days, or until too many follow |
/// | `6a` mailbox total | which | counter | for ever |
final class NotificationKeys {
    private static final int MAILBOX = 0x69;
    private static final int TOTAL = 0x6a;

    private NotificationKeys() {}

    static byte[] entry(long timeMillis, String id) {
        return new KeyWriter(MAILBOX).uint64(timeMillis).string(id).toBytes();
    }

    static byte[] mailbox() {
        return new KeyWriter(MAILBOX).toBytes();
    }

    static byte[] entryCount() {
        return new KeyWriter(TOTAL).uint8(0).toBytes();
    }

    static byte[] entryBytes() {
        return new KeyWriter(TOTAL).uint8(1).toBytes();
    }
}
