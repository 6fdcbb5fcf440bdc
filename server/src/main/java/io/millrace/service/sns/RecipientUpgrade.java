package io.millrace.service.sns;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;

import org.jspecify.annotations.Nullable;

/// Lists the recipients of topics from before there were [Recipients]: once for each data
/// directory, before the first publish. A crash in between is made good by the next start.
final class RecipientUpgrade {

    private RecipientUpgrade() {}

    static void run(Store store) {
        if (store.read(snapshot -> snapshot.get(SnsKeys.recipientsListed()) != null)) {
            return;
        }
        byte[] from = SnsKeys.allSubscriptions();
        while (from.length > 0) { // ends with the last page
            byte[] begin = from;
            from = store.write(tx -> listPage(tx, begin));
        }
        store.<@Nullable Void>write(tx -> {
            tx.put(SnsKeys.recipientsListed(), Bytes.EMPTY);
            return null;
        });
    }

    /// Where the next page begins; empty when there is none.
    private static byte[] listPage(Transaction tx, byte[] from) {
        byte[] end = Bytes.prefixEnd(SnsKeys.allSubscriptions());
        int count = 0;
        try (Cursor cursor = tx.range(from, end, Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                if (count++ == SnsLimits.PAGE_SUBSCRIPTIONS) {
                    return cursor.key();
                }
                list(tx, Subscription.CODEC.decode(cursor.value()));
            }
        }
        return Bytes.EMPTY;
    }

    private static void list(Transaction tx, Subscription subscription) {
        byte[] recipient =
                SnsKeys.recipient(
                        subscription.topicNumber(),
                        subscription.filterPolicy() != null,
                        subscription.id());
        if (subscription.confirmed() && tx.get(recipient) == null) {
            Recipients.changed(tx, null, subscription);
        }
    }
}
