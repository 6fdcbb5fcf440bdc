package io.millrace.delivery;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

/// All durable keys of this package. A lane is the queue of one target: a shard and the hash of the
/// target's name. A shard is what one server would lease.
///
/// Shards from [#SHARD_COUNT] on are those of ordered lanes: of a target and a key, whose jobs are
/// delivered one after the other. Their entries under `09` are all due at 0, and so in the order in
/// which they came; the values say until when a retry waits.
///
/// | prefix | key | value | lifetime |
/// |---|---|---|---|
/// | `08` job | shard, lane, stamp, id | the job: header and payload | until delivered or dead |
/// | `09` due | shard, lane, due milliseconds, stamp, id | attempts so far | moved by each retry |
/// | `0a` lane | shard, lane | the target's name | while the lane may hold jobs |
/// | `0b` failed | failed milliseconds, shard, lane, stamp, id | why | bounded by age and count |
/// | `0c` failed count | | counter | for ever |
/// | `0d` payload | stamp, number | bytes | while it is held: [SharedPayload] |
/// | `0e` holders | milliseconds, stamp, number | keys | as its payload |
final class DeliveryKeys {
    static final int SHARD_COUNT = 16;

    private static final int JOB = 0x08;
    private static final int DUE = 0x09;
    private static final int LANE = 0x0a;
    private static final int FAILED = 0x0b;
    private static final int FAILED_COUNT = 0x0c;
    private static final int PAYLOAD = 0x0d;
    private static final int HOLDERS = 0x0e;

    /// The queue of one target.
    record Lane(int shard, long hash) {

        /// Whether its jobs are delivered one after the other.
        boolean isOrdered() {
            return shard >= SHARD_COUNT;
        }
    }

    /// What names a job: its place in commit order, and a random number that tells the jobs of one
    /// transaction apart.
    record JobId(Lane lane, long stamp, long number) {}

    record Due(JobId job, long dueMillis) {}

    /// What names a shared payload, and when it was made.
    record PayloadId(long madeMillis, long stamp, long number) {}

    record FailedId(long failedMillis, JobId job) {}

    private DeliveryKeys() {}

    /// The stamp's offset is [KeyWriter#stampOffset].
    static KeyWriter newJob(Lane lane, long number) {
        return lane(JOB, lane).stamp().uint64(number);
    }

    static byte[] job(JobId job) {
        return lane(JOB, job.lane).uint64(job.stamp).uint64(job.number).toBytes();
    }

    static KeyWriter newDue(Lane lane, long dueMillis, long number) {
        return lane(DUE, lane).uint64(dueMillis).stamp().uint64(number);
    }

    static byte[] due(Due due) {
        JobId job = due.job;
        return lane(DUE, job.lane)
                .uint64(due.dueMillis)
                .uint64(job.stamp)
                .uint64(job.number)
                .toBytes();
    }

    /// All of a lane's jobs, the earliest first.
    static byte[] dues(Lane lane) {
        return lane(DUE, lane).toBytes();
    }

    static byte[] duesFrom(Lane lane, long dueMillis) {
        return lane(DUE, lane).uint64(dueMillis).toBytes();
    }

    static Due readDue(byte[] key) {
        KeyReader reader = new KeyReader(key);
        Lane lane = new Lane(reader.uint8(), reader.uint64());
        long dueMillis = reader.uint64();
        return new Due(new JobId(lane, reader.uint64(), reader.uint64()), dueMillis);
    }

    static byte[] lane(Lane lane) {
        return lane(LANE, lane).toBytes();
    }

    static byte[] lanes(int shard) {
        return new KeyWriter(LANE).uint8(shard).toBytes();
    }

    static Lane readLane(byte[] key) {
        KeyReader reader = new KeyReader(key);
        return new Lane(reader.uint8(), reader.uint64());
    }

    /// For a job that fails in the transaction that makes it; the job's number is behind the stamp.
    static KeyWriter newFailed(long failedMillis, Lane lane, long number) {
        return failedKey(failedMillis, lane).stamp().uint64(number);
    }

    static byte[] failed(FailedId failed) {
        JobId job = failed.job;
        return failedKey(failed.failedMillis, job.lane)
                .uint64(job.stamp)
                .uint64(job.number)
                .toBytes();
    }

    static byte[] failed() {
        return new KeyWriter(FAILED).toBytes();
    }

    static FailedId readFailed(byte[] key) {
        KeyReader reader = new KeyReader(key);
        long failedMillis = reader.uint64();
        Lane lane = new Lane(reader.uint8(), reader.uint64());
        return new FailedId(failedMillis, new JobId(lane, reader.uint64(), reader.uint64()));
    }

    static byte[] failedCount() {
        return new KeyWriter(FAILED_COUNT).toBytes();
    }

    static KeyWriter newPayload(long number) {
        return new KeyWriter(PAYLOAD).stamp().uint64(number);
    }

    static byte[] payload(long stamp, long number) {
        return new KeyWriter(PAYLOAD).uint64(stamp).uint64(number).toBytes();
    }

    static KeyWriter newHolders(long madeMillis, long number) {
        return new KeyWriter(HOLDERS).uint64(madeMillis).stamp().uint64(number);
    }

    static byte[] holders() {
        return new KeyWriter(HOLDERS).toBytes();
    }

    /// Where the holders of payloads that were made then or later begin.
    static byte[] holdersFrom(long madeMillis) {
        return new KeyWriter(HOLDERS).uint64(madeMillis).toBytes();
    }

    static byte[] holders(PayloadId id) {
        return new KeyWriter(HOLDERS)
                .uint64(id.madeMillis)
                .uint64(id.stamp)
                .uint64(id.number)
                .toBytes();
    }

    static PayloadId readHolders(byte[] key) {
        KeyReader reader = new KeyReader(key);
        return new PayloadId(reader.uint64(), reader.uint64(), reader.uint64());
    }

    private static KeyWriter lane(int prefix, Lane lane) {
        return new KeyWriter(prefix).uint8(lane.shard).uint64(lane.hash);
    }

    private static KeyWriter failedKey(long failedMillis, Lane lane) {
        return new KeyWriter(FAILED).uint64(failedMillis).uint8(lane.shard).uint64(lane.hash);
    }
}
