package io.millrace.service.sns;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.FilterPolicies;
import io.millrace.service.sns.SubscriptionIndex.Filter;
import io.millrace.storage.CachedIndexes;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Who receives a publication, in pages: first the subscriptions without a filter policy, then
/// those whose policy matches. The others cost nothing: they are not read. Thread-safe.
///
/// The store keeps confirmed subscriptions apart by whether they have a policy, and for those that
/// have one a generation with the log of its last changes, by which [SubscriptionIndex]es follow.
/// So a change takes effect in the next publish, whichever server makes which.
final class Recipients implements CachedIndexes.Source<SubscriptionIndex> {

    /// Up to where a publication's recipients have been served, in order of their ids.
    ///
    /// @param filtered whether all without a policy have been
    record Position(boolean filtered, String afterId) {
        static final Position START = new Position(false, "");
    }

    /// @param next where the next page begins; null when this is the last
    /// @param filteredOut how many subscriptions have a policy that does not match, counted on one
    ///   of the pages
    record Page(List<Subscription> subscriptions, @Nullable Position next, long filteredOut) {}

    /// What a fan-out that takes many pages need not find again for each.
    private record Matched(long generation, List<String> ids) {}

    /// Thrown in a transaction that would have to read very many policies: it is to be run again
    /// after [#prepare]. Never of a FIFO topic, which has too few.
    static final class IndexMissingException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final long topicNumber;

        private IndexMissingException(long topicNumber) {
            super("filter policies are not indexed yet", null, false, false);
            this.topicNumber = topicNumber;
        }
    }

    private final FilterPolicies compiled = new FilterPolicies();
    private final OpenRecipients open = new OpenRecipients();
    private final CachedIndexes<SubscriptionIndex> indexes =
            new CachedIndexes<>(this, SnsLimits.INDEXED_SUBSCRIPTIONS, SnsLimits.CHANGES_KEPT);
    private final Map<String, Matched> underWay =
            Collections.synchronizedMap(
                    new LinkedHashMap<>(16, 0.75f, true) {
                        @Override
                        protected boolean removeEldestEntry(Map.Entry<String, Matched> eldest) {
                            return size() > SnsLimits.MATCHED_KEPT;
                        }
                    });

    /// Notes in the store what changes with a subscription.
    ///
    /// @param before null for a new one
    /// @param after null for one that is removed
    static void changed(
            Transaction tx, @Nullable Subscription before, @Nullable Subscription after) {
        Subscription either = before != null ? before : after;
        if (either == null) {
            return;
        }
        long number = either.topicNumber();
        String id = either.id();
        OpenRecipients.changed(tx, number);
        Filter filterBefore = before == null ? null : Filter.of(before);
        Filter filterAfter = after == null ? null : Filter.of(after);
        boolean wasOpen = before != null && before.confirmed() && filterBefore == null;
        boolean isOpen = after != null && after.confirmed() && filterAfter == null;
        mark(tx, SnsKeys.recipient(number, false, id), wasOpen, isOpen);
        mark(tx, SnsKeys.recipient(number, true, id), filterBefore != null, filterAfter != null);
        boolean isSame =
                filterBefore == null ? filterAfter == null : filterBefore.equals(filterAfter);
        if (!isSame) {
            FilterGeneration generation = FilterGeneration.of(tx, number);
            int more = (filterAfter == null ? 0 : 1) - (filterBefore == null ? 0 : 1);
            generation.next(more).put(tx, number, id);
        }
    }

    private static void mark(Transaction tx, byte[] key, boolean was, boolean is) {
        if (is && !was) {
            tx.put(key, Bytes.EMPTY);
        } else if (was && !is) {
            tx.delete(key);
        }
    }

    /// Reads a page of the policies that a transaction missed; not in a transaction.
    ///
    /// @return whether nothing is left to do
    boolean prepare(Store store, IndexMissingException missing) {
        return indexes.prepare(store, missing.topicNumber);
    }

    /// As [#prepare], all at once, as `snapshot` has it.
    void prepare(Snapshot snapshot, IndexMissingException missing) {
        indexes.prepare(snapshot, missing.topicNumber);
    }

    /// The next recipients of a publication, as `snapshot` has them, which must not itself have
    /// changed any.
    ///
    /// @throws IndexMissingException when very many policies would have to be read
    Page page(
            Snapshot snapshot, Topic topic, Publication publication, Position after, int countMax) {
        List<Subscription> page = new ArrayList<>();
        String afterId = after.afterId;
        if (!after.filtered) {
            page.addAll(open.read(snapshot, topic.number(), afterId, countMax));
            if (page.size() == countMax) {
                return new Page(page, new Position(false, page.getLast().id()), 0);
            }
            afterId = "";
        }
        FilterGeneration generation = FilterGeneration.of(snapshot, topic.number());
        List<String> matched = matched(snapshot, topic, publication, generation);
        long filteredOut = after.filtered ? 0 : generation.count() - matched.size();
        int index = Collections.binarySearch(matched, afterId);
        for (index = index < 0 ? -index - 1 : index + 1; index < matched.size(); index++) {
            if (page.size() == countMax) {
                return new Page(page, new Position(true, afterId), filteredOut);
            }
            afterId = matched.get(index);
            page.add(read(snapshot, topic.number(), afterId));
        }
        underWay.remove(publication.messageId());
        return new Page(page, null, filteredOut);
    }

    static Subscription read(Snapshot snapshot, long number, String id) {
        byte[] value = snapshot.get(SnsKeys.subscription(number, id));
        if (value == null) {
            throw new IllegalStateException("a recipient is missing: " + id);
        }
        return Subscription.CODEC.decode(value);
    }

    private List<String> matched(
            Snapshot snapshot, Topic topic, Publication publication, FilterGeneration generation) {
        if (generation.count() == 0) {
            return List.of();
        }
        Matched known = underWay.get(publication.messageId());
        if (known != null && known.generation == generation.number()) {
            return known.ids;
        }
        if (generation.count() > CachedIndexes.PAGE_ENTRIES
                && !indexes.isPrepared(topic.number(), generation.number())) {
            throw new IndexMissingException(topic.number());
        }
        List<String> ids =
                indexes.ask(
                        snapshot,
                        topic.number(),
                        generation.number(),
                        index -> index.match(new FilterInputs(publication)));
        if (ids.size() > SnsLimits.PAGE_SUBSCRIPTIONS) {
            underWay.put(publication.messageId(), new Matched(generation.number(), ids));
        }
        return ids;
    }

    @Override
    public SubscriptionIndex empty() {
        return new SubscriptionIndex(compiled);
    }

    @Override
    public int size(SubscriptionIndex index) {
        return index.size();
    }

    @Override
    public long generation(Snapshot snapshot, long topic) {
        return FilterGeneration.of(snapshot, topic).number();
    }

    @Override
    public byte @Nullable [] readPage(
            Snapshot snapshot,
            long topic,
            byte @Nullable [] from,
            int countMax,
            SubscriptionIndex into) {
        byte[] all = SnsKeys.recipients(topic, true);
        try (Cursor cursor =
                snapshot.range(
                        from == null ? all : from,
                        Bytes.prefixEnd(all),
                        Snapshot.Direction.FORWARD)) {
            for (int count = 0; cursor.next(); count++) {
                if (count == countMax) {
                    return cursor.key();
                }
                String id = SnsKeys.recipientId(cursor.key());
                into.put(id, Filter.of(read(snapshot, topic, id)));
            }
            return null;
        }
    }

    @Override
    public Consumer<SubscriptionIndex> changes(Snapshot snapshot, long topic, long from, long to) {
        Map<String, @Nullable Filter> changes = new HashMap<>();
        for (long generation = from + 1; generation <= to; generation++) {
            byte[] bytes = snapshot.get(SnsKeys.filterChange(topic, generation));
            if (bytes == null) {
                throw new IllegalStateException("no change of generation " + generation);
            }
            String id = new String(bytes, StandardCharsets.UTF_8);
            Subscription subscription =
                    Subscription.CODEC.decodeOrNull(snapshot.get(SnsKeys.subscription(topic, id)));
            changes.put(id, subscription == null ? null : Filter.of(subscription));
        }
        return index -> changes.forEach(index::put);
    }
}
