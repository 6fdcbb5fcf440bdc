package io.millrace.service.events;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

/// All durable keys of archives and replays.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | `5e` archive | account, region, name | [StoredArchive] | until DeleteArchive |
/// | `5f` event | archive, second of its time, stamp, tie | [ArchivedEvent] | its retention |
/// | `72` arrival | archive, stamp, tie | [ArchivedEvents.Arrival] | with the event |
/// | `73` counter | archive, 0 for events or 1 for bytes | counter | until DeleteArchive |
/// | `74` replay | 0, account, region, name | [StoredReplay] | 90 days after its end |
/// | `74` active replay | 1, account, region, name | nothing | until the replay ends |
///
/// An archive is its internal number. Events lie in order of the time that they tell (`5f`), which
/// is what a replay's range means, and once more in the order in which they were committed (`72`),
/// in which they expire. Ties tell events of one transaction apart, in their order.
final class ArchiveKeys {

    /// Where an archived event lies.
    ///
    /// @param second of the event's time, since 1970
    record Position(long second, long stamp, long tie) {

        /// The first place that is not before it.
        static Position of(long second) {
            return new Position(second, 0, 0);
        }
    }

    /// Which counter of an archive.
    enum Counter {
        EVENTS(0),
        BYTES(1);

        private final int number;

        Counter(int number) {
            this.number = number;
        }
    }

    private static final int ARCHIVE = 0x5e;
    private static final int EVENT = 0x5f;
    private static final int ARRIVAL = 0x72;
    private static final int COUNTER = 0x73;
    private static final int REPLAY = 0x74;
    private static final int RECORD = 0;
    private static final int ACTIVE = 1;

    private ArchiveKeys() {}

    static byte[] archives() {
        return new KeyWriter(ARCHIVE).toBytes();
    }

    static byte[] archives(String accountId, String region) {
        return new KeyWriter(ARCHIVE).string(accountId).string(region).toBytes();
    }

    static byte[] archive(ArchiveName name) {
        return archive(name.accountId(), name.region(), name.name());
    }

    static byte[] archive(String accountId, String region, String name) {
        return new KeyWriter(ARCHIVE).string(accountId).string(region).string(name).toBytes();
    }

    static ArchiveName archiveName(byte[] key) {
        KeyReader reader = new KeyReader(key);
        return new ArchiveName(reader.string(), reader.string(), reader.string());
    }

    static byte[] events(long archive) {
        return new KeyWriter(EVENT).uint64(archive).toBytes();
    }

    static byte[] event(long archive, Position position) {
        return new KeyWriter(EVENT)
                .uint64(archive)
                .uint64(inOrder(position.second()))
                .uint64(position.stamp())
                .uint64(position.tie())
                .toBytes();
    }

    static KeyWriter newEvent(long archive, long second, long tie) {
        return new KeyWriter(EVENT).uint64(archive).uint64(inOrder(second)).stamp().uint64(tie);
    }

    static Position position(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        return new Position(inOrder(reader.uint64()), reader.uint64(), reader.uint64());
    }

    static byte[] arrivals(long archive) {
        return new KeyWriter(ARRIVAL).uint64(archive).toBytes();
    }

    static byte[] arrival(long archive, long stamp, long tie) {
        return new KeyWriter(ARRIVAL).uint64(archive).uint64(stamp).uint64(tie).toBytes();
    }

    static KeyWriter newArrival(long archive, long tie) {
        return new KeyWriter(ARRIVAL).uint64(archive).stamp().uint64(tie);
    }

    /// The position of the event whose arrival this is.
    static Position arrivalPosition(byte[] key, long second) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        return new Position(second, reader.uint64(), reader.uint64());
    }

    static byte[] counters(long archive) {
        return new KeyWriter(COUNTER).uint64(archive).toBytes();
    }

    static byte[] counter(long archive, Counter counter) {
        return new KeyWriter(COUNTER).uint64(archive).uint8(counter.number).toBytes();
    }

    static byte[] replays() {
        return new KeyWriter(REPLAY).uint8(RECORD).toBytes();
    }

    static byte[] replays(String accountId, String region) {
        return new KeyWriter(REPLAY).uint8(RECORD).string(accountId).string(region).toBytes();
    }

    static byte[] replay(ArchiveName name) {
        return replay(name.accountId(), name.region(), name.name());
    }

    static byte[] replay(String accountId, String region, String name) {
        return new KeyWriter(REPLAY)
                .uint8(RECORD)
                .string(accountId)
                .string(region)
                .string(name)
                .toBytes();
    }

    static byte[] activeReplays() {
        return new KeyWriter(REPLAY).uint8(ACTIVE).toBytes();
    }

    /// Behind all that there can be.
    static byte[] afterActiveReplays() {
        return new KeyWriter(REPLAY).uint8(ACTIVE).uint8(0xff).toBytes();
    }

    static byte[] activeReplays(String accountId, String region) {
        return new KeyWriter(REPLAY).uint8(ACTIVE).string(accountId).string(region).toBytes();
    }

    static byte[] activeReplay(ArchiveName name) {
        return new KeyWriter(REPLAY)
                .uint8(ACTIVE)
                .string(name.accountId())
                .string(name.region())
                .string(name.name())
                .toBytes();
    }

    /// The replay of a record or of an active replay.
    static ArchiveName replayName(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint8();
        return new ArchiveName(reader.string(), reader.string(), reader.string());
    }

    /// Years before 1970 come before those after.
    private static long inOrder(long second) {
        return second ^ Long.MIN_VALUE;
    }
}
