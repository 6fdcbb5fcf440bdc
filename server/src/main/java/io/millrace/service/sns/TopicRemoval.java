package io.millrace.service.sns;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;

import java.util.ArrayList;
import java.util.List;

/// Removes what a deleted topic leaves behind, a page in each transaction. A crash in between is
/// made good by [#resume].
final class TopicRemoval {
    private final Store store;

    TopicRemoval(Store store) {
        this.store = store;
    }

    void resume() {
        List<Long> numbers =
                store.read(snapshot -> {
                    List<Long> removed = new ArrayList<>();
                    try (Cursor cursor = snapshot.prefix(SnsKeys.removedTopics())) {
                        while (cursor.next()) {
                            removed.add(SnsKeys.removedTopicNumber(cursor.key()));
                        }
                    }
                    return removed;
                });
        numbers.forEach(this::removeSubscriptions);
    }

    void removeSubscriptions(long number) {
        boolean more = true;
        while (more) { // ends: each turn removes a page, and nobody can subscribe any more
            more = store.write(tx -> removePage(tx, number));
        }
    }

    private static boolean removePage(Transaction tx, long number) {
        int count = 0;
        try (Cursor cursor = tx.prefix(SnsKeys.subscriptions(number))) {
            while (count < SnsLimits.PAGE_SUBSCRIPTIONS && cursor.next()) {
                Subscriptions.delete(tx, Subscription.CODEC.decode(cursor.value()));
                count++;
            }
        }
        if (count == SnsLimits.PAGE_SUBSCRIPTIONS) {
            return true;
        }
        for (SnsKeys.Count which : SnsKeys.Count.values()) {
            tx.delete(SnsKeys.count(number, which));
        }
        tx.delete(SnsKeys.sequence(number));
        tx.delete(SnsKeys.filterGeneration(number));
        tx.delete(SnsKeys.recipientsChanged(number));
        byte[] changes = SnsKeys.filterChanges(number);
        tx.deleteRange(changes, Bytes.prefixEnd(changes));
        byte[] duplicates = SnsKeys.duplicates(number);
        tx.deleteRange(duplicates, Bytes.prefixEnd(duplicates));
        tx.delete(SnsKeys.removedTopic(number));
        return false;
    }
}
