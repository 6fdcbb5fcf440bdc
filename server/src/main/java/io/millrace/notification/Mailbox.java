package io.millrace.notification;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// What was sent where no provider is configured: durable, the newest first, bounded by count,
/// bytes and age. An entry that comes again under its id is kept once, so that a delivery that is
/// repeated after a crash does not show twice. Thread-safe.
public final class Mailbox {

    /// Which entries are wanted; null for all.
    public record Filter(
            MailboxEntry.@Nullable Kind kind,
            @Nullable String address,
            @Nullable String accountId) {

        public static final Filter ALL = new Filter(null, null, null);

        boolean wants(MailboxEntry entry) {
            return (kind == null || kind == entry.kind())
                    && (address == null || address.equalsIgnoreCase(entry.address()))
                    && (accountId == null || accountId.equals(entry.accountId()));
        }
    }

    /// A page of entries.
    ///
    /// @param nextToken where the next page begins; null when there is nothing more
    public record Listing(List<MailboxEntry> entries, @Nullable String nextToken) {}

    private static final ResourceCodec<MailboxEntry> CODEC =
            new ResourceCodec<>(MailboxEntry.class);

    private final Store store;
    private final InstantSource clock;

    public Mailbox(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Durable when it returns.
    void put(MailboxEntry entry) {
        byte[] key = NotificationKeys.entry(entry.timeMillis(), entry.id());
        byte[] value = CODEC.encode(entry);
        store.<@Nullable Void>write(tx -> {
            if (tx.get(key) == null) {
                tx.put(key, value);
                clear(tx, value.length);
            }
            return null;
        });
    }

    /// At most `countMax` entries, the newest first, from where an earlier listing ended.
    ///
    /// @throws IllegalArgumentException when the token is not one of ours
    public Listing list(Filter filter, @Nullable String token, int countMax) {
        byte[] from = NotificationKeys.mailbox();
        byte[] to = token == null ? Bytes.prefixEnd(from) : Base64.getUrlDecoder().decode(token);
        if (!Bytes.startsWith(to, from) && token != null) {
            throw new IllegalArgumentException("not a token: " + token);
        }
        long oldestMillis = clock.millis() - NotificationLimits.MAILBOX_AGE.toMillis();
        return store.read(snapshot -> {
            List<MailboxEntry> entries = new ArrayList<>();
            int read = 0;
            byte[] last = to;
            try (Cursor cursor = snapshot.range(from, to, Snapshot.Direction.BACKWARD)) {
                while (cursor.next()) {
                    if (entries.size() == countMax || read == NotificationLimits.PAGE_READ) {
                        return new Listing(entries, token(last));
                    }
                    read++;
                    last = cursor.key();
                    MailboxEntry entry = CODEC.decode(cursor.value());
                    if (entry.timeMillis() < oldestMillis) {
                        break;
                    }
                    if (filter.wants(entry)) {
                        entries.add(entry);
                    }
                }
            }
            return new Listing(entries, null);
        });
    }

    /// Forgets everything.
    public void empty() {
        byte[] from = NotificationKeys.mailbox();
        store.<@Nullable Void>write(tx -> {
            tx.deleteRange(from, Bytes.prefixEnd(from));
            tx.add(
                    NotificationKeys.entryCount(),
                    -Bytes.counter(tx.get(NotificationKeys.entryCount())));
            tx.add(
                    NotificationKeys.entryBytes(),
                    -Bytes.counter(tx.get(NotificationKeys.entryBytes())));
            return null;
        });
    }

    private static String token(byte[] key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    /// Counts a new entry, and clears the oldest away when they are too many, too large or too old.
    private void clear(Transaction tx, int addedBytes) {
        long count = Bytes.counter(tx.get(NotificationKeys.entryCount())) + 1;
        long bytes = Bytes.counter(tx.get(NotificationKeys.entryBytes())) + addedBytes;
        long oldestMillis = clock.millis() - NotificationLimits.MAILBOX_AGE.toMillis();
        int cleared = 0;
        long clearedBytes = 0;
        try (Cursor cursor = tx.prefix(NotificationKeys.mailbox())) {
            while (cleared < NotificationLimits.MAILBOX_CLEARED && cursor.next()) {
                byte[] value = cursor.value();
                boolean fits =
                        count - cleared <= NotificationLimits.MAILBOX_ENTRIES
                                && bytes - clearedBytes <= NotificationLimits.MAILBOX_BYTES;
                if (fits && CODEC.decode(value).timeMillis() >= oldestMillis) {
                    break;
                }
                tx.delete(cursor.key());
                cleared++;
                clearedBytes += value.length;
            }
        }
        tx.add(NotificationKeys.entryCount(), 1 - cleared);
        tx.add(NotificationKeys.entryBytes(), addedBytes - clearedBytes);
    }
}
