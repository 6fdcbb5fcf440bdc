package io.millrace.stream;

import io.millrace.engine.Store;
import io.millrace.engine.Watch;
import io.millrace.storage.Worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Deletes stream records that are older than the retention, a day at first, and shards and streams
/// that ended longer ago.
///
/// Readers never see what is too old, whether it has been deleted or not; this only gives the space
/// back. One virtual thread that is parked between passes, and costs a pass an hour only while
/// there are streams.
public final class StreamTrimmer implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final Duration PAUSE_WITHOUT_STREAMS = Duration.ofDays(1);
    private static final int PAGE_STREAMS = 100;
    private static final int PAGE_SHARDS = 100;

    private final Store store;
    private final InstantSource clock;
    private final StreamOptions options;
    private final Worker worker;

    public StreamTrimmer(Store store, InstantSource clock, StreamOptions options) {
        this.store = store;
        this.clock = clock;
        this.options = options;
        this.worker =
                new Worker(
                        store, "stream-trimmer", new byte[] {StreamKeys.TABLE_STREAM}, this::step);
    }

    public void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    private void step(Watch changes) throws InterruptedException {
        changes.await(trim() == 0 ? PAUSE_WITHOUT_STREAMS : PAUSE);
    }

    /// One pass over all streams, a small transaction for each shard; returns how many are left.
    public int trim() {
        int left = 0;
        TableStream after = null;
        while (true) { // ends with the last page
            TableStream from = after;
            List<TableStream> page = store.read(tx -> TableStreams.page(tx, from, PAGE_STREAMS));
            for (TableStream stream : page) {
                left += trim(stream) ? 1 : 0;
            }
            if (page.size() < PAGE_STREAMS) {
                return left;
            }
            after = page.getLast();
        }
    }

    /// False when the stream is gone.
    private boolean trim(TableStream stream) {
        Instant now = clock.instant();
        long oldestMillis = options.oldestMillis(now);
        boolean gone = TableStreams.isGone(stream, oldestMillis);
        int after = -1;
        while (true) { // ends with the last page
            int from = after;
            List<StreamShard> page =
                    store.read(
                            tx -> StreamShards.page(tx, stream, from, Long.MIN_VALUE, PAGE_SHARDS));
            for (StreamShard shard : page) {
                trim(stream, shard, gone, oldestMillis);
            }
            if (page.size() < PAGE_SHARDS) {
                break;
            }
            after = page.getLast().shard();
        }
        if (gone) {
            store.write(tx -> {
                TableStreams.remove(tx, stream);
                return true;
            });
        }
        return !gone;
    }

    private void trim(TableStream stream, StreamShard shard, boolean gone, long oldestMillis) {
        store.write(tx -> {
            if (gone || shard.isGone(oldestMillis)) {
                StreamShards.remove(tx, stream, shard.shard());
            } else {
                stream.log(shard.shard()).trim(tx, oldestMillis);
            }
            return true;
        });
    }
}
