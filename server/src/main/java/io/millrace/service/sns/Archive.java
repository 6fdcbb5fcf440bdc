package io.millrace.service.sns;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.storage.ResourceCodec;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// What was published to a FIFO topic while it had an archive policy, in its order. Part of the
/// publish's transaction, and gone with the policy.
final class Archive {

    /// A topic's archive.
    ///
    /// @param sinceMillis nothing older is there
    record State(String topicArn, long sinceMillis, int retentionDays) {

        /// `BeginningArchiveTime`: nothing older is replayed.
        long beginningMillis(long nowMillis) {
            return Math.max(sinceMillis, nowMillis - Duration.ofDays(retentionDays).toMillis());
        }
    }

    /// Where an entry stands.
    ///
    /// @param millis when it was published; never earlier than its predecessor
    record Position(long millis, long sequence) {}

    record Entry(Position position, Publication publication) {}

    /// @param isLast whether nothing comes behind it
    record Page(List<Entry> entries, boolean isLast) {}

    static final ResourceCodec<State> STATES = new ResourceCodec<>(State.class);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final ResourceCodec<Publication> PUBLICATIONS =
            new ResourceCodec<>(Publication.class);

    private Archive() {}

    static @Nullable State state(Snapshot snapshot, long topicNumber) {
        return STATES.decodeOrNull(snapshot.get(SnsKeys.archiveState(topicNumber)));
    }

    /// How AWS shows a point of time in an archive.
    static String shown(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }

    /// Makes the archive be as the topic's attributes say.
    static void follow(Transaction tx, Topic topic, long nowMillis) {
        String json = topic.attributes().get(TopicAttributes.ARCHIVE_POLICY);
        ArchivePolicy policy =
                json == null
                        ? null
                        : ArchivePolicy.parse(json, SnsErrors::invalidParameter).orElse(null);
        State had = state(tx, topic.number());
        if (policy == null) {
            if (had != null) {
                byte[] entries = SnsKeys.archive(topic.number());
                tx.deleteRange(entries, Bytes.prefixEnd(entries));
                tx.delete(SnsKeys.archiveState(topic.number()));
            }
        } else if (had == null || had.retentionDays != policy.retentionDays()) {
            long since = had == null ? nowMillis : had.beginningMillis(nowMillis);
            tx.put(
                    SnsKeys.archiveState(topic.number()),
                    STATES.encode(
                            new State(topic.arn().toString(), since, policy.retentionDays())));
        }
    }

    /// Keeps a publication, when the topic has an archive.
    ///
    /// @param sequence the number of its sequence number
    static void add(Transaction tx, Topic topic, Publication publication, long sequence) {
        if (!topic.attributes().containsKey(TopicAttributes.ARCHIVE_POLICY)) {
            return;
        }
        long millis = Math.max(publication.timestampMillis(), lastMillis(tx, topic.number()));
        tx.put(
                SnsKeys.archived(topic.number(), new Position(millis, sequence)),
                PUBLICATIONS.encode(publication));
    }

    /// The entries from a position on, in order, as many as one transaction replays.
    ///
    /// @param untilMillis before which the last one was published; null for no end
    static Page page(
            Snapshot snapshot, long topicNumber, Position from, @Nullable Long untilMillis) {
        byte[] end =
                untilMillis == null
                        ? Bytes.prefixEnd(SnsKeys.archive(topicNumber))
                        : SnsKeys.archived(topicNumber, new Position(untilMillis, 0));
        List<Entry> page = new ArrayList<>();
        long bytes = 0;
        try (Cursor cursor =
                snapshot.range(
                        SnsKeys.archived(topicNumber, from), end, Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                if (page.size() == SnsLimits.REPLAY_PAGE || bytes >= SnsLimits.REPLAY_BYTES) {
                    return new Page(page, false);
                }
                byte[] value = cursor.value();
                bytes += value.length;
                page.add(
                        new Entry(
                                SnsKeys.archivePosition(cursor.key()), PUBLICATIONS.decode(value)));
            }
        }
        return new Page(page, true);
    }

    /// Removes what has had its time.
    static void trim(Transaction tx, long topicNumber, long nowMillis) {
        State state = state(tx, topicNumber);
        if (state != null) {
            tx.deleteRange(
                    SnsKeys.archive(topicNumber),
                    SnsKeys.archived(
                            topicNumber, new Position(state.beginningMillis(nowMillis), 0)));
        }
    }

    private static long lastMillis(Transaction tx, long topicNumber) {
        byte[] entries = SnsKeys.archive(topicNumber);
        try (Cursor cursor =
                tx.range(entries, Bytes.prefixEnd(entries), Snapshot.Direction.BACKWARD)) {
            return cursor.next() ? SnsKeys.archivePosition(cursor.key()).millis : 0;
        }
    }
}
