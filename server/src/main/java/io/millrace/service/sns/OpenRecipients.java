package io.millrace.service.sns;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A topic's recipients without a filter policy, in order of their ids. Those of topics with few
/// are kept in memory, so that a publish reads one key in place of a range and each subscription.
///
/// That key says when a subscription of the topic last changed, by the commit sequence number of
/// that change; what was read at one such number is so wherever a snapshot has that number. Nobody
/// reads the number to change it, so that those who subscribe do not conflict. Thread-safe.
final class OpenRecipients {

    private record Kept(long changed, List<Subscription> subscriptions) {}

    private final Map<Long, Kept> byTopic = new ConcurrentHashMap<>();

    /// Notes that a subscription has changed.
    static void changed(Transaction tx, long topic) {
        byte[] value = new byte[Long.BYTES];
        tx.putStamped(SnsKeys.recipientsChanged(topic), Transaction.NO_STAMP, value, 0);
    }

    /// At most so many with ids greater than `afterId`, as `snapshot` has them, which must not
    /// itself have changed any.
    List<Subscription> read(Snapshot snapshot, long topic, String afterId, int countMax) {
        if (!afterId.isEmpty() || countMax != SnsLimits.PAGE_SUBSCRIPTIONS) {
            return readStored(snapshot, topic, afterId, countMax);
        }
        byte[] value = snapshot.get(SnsKeys.recipientsChanged(topic));
        long changed = value == null ? 0 : Bytes.readLong(value, 0);
        Kept kept = byTopic.get(topic);
        if (kept != null && kept.changed == changed) {
            return kept.subscriptions;
        }
        List<Subscription> all = readStored(snapshot, topic, afterId, countMax);
        if (all.size() < countMax) {
            if (!byTopic.containsKey(topic) && byTopic.size() >= SnsLimits.KEPT_TOPICS) {
                byTopic.clear(); // those in use come back
            }
            byTopic.put(topic, new Kept(changed, List.copyOf(all)));
        }
        return all;
    }

    private static List<Subscription> readStored(
            Snapshot snapshot, long topic, String afterId, int countMax) {
        List<Subscription> some = new ArrayList<>();
        byte[] all = SnsKeys.recipients(topic, false);
        byte[] from =
                afterId.isEmpty() ? all : Bytes.after(SnsKeys.recipient(topic, false, afterId));
        try (Cursor cursor =
                snapshot.range(from, Bytes.prefixEnd(all), Snapshot.Direction.FORWARD)) {
            while (some.size() < countMax && cursor.next()) {
                some.add(Recipients.read(snapshot, topic, SnsKeys.recipientId(cursor.key())));
            }
        }
        return some;
    }
}
