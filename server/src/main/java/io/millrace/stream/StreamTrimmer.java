package io.millrace.stream;

import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Watch;
import io.millrace.log.Log;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Deletes stream records that are older than a day, and streams that ended longer ago.
///
/// Readers never see what is too old, whether it has been deleted or not; this only gives the space
/// back. One virtual thread that is parked between passes, and costs a pass an hour only while
/// there are streams.
public final class StreamTrimmer implements AutoCloseable {
    private static final Log LOG = Log.of(StreamTrimmer.class);
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final Duration PAUSE_WITHOUT_STREAMS = Duration.ofDays(1);
    private static final int PAGE_STREAMS = 100;

    private final Store store;
    private final InstantSource clock;
    private @Nullable Thread thread;

    public StreamTrimmer(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    public void start() {
        thread = Thread.ofVirtual().name("stream-trimmer").start(this::run);
    }

    /// Waits until the pass that is under way, if any, has ended.
    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try (Watch watch = store.watch(new byte[] {StreamKeys.TABLE_STREAM})) {
            while (!Thread.currentThread().isInterrupted()) { // until closed
                watch.await(trim() == 0 ? PAUSE_WITHOUT_STREAMS : PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.info("Stream trimming ended with the store", "cause", e.getMessage());
        }
    }

    /// One pass over all streams, a small transaction for each; returns how many are left.
    int trim() {
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

    private boolean trim(TableStream stream) {
        Instant now = clock.instant();
        return store.write(tx -> {
            if (TableStreams.isGone(stream, now)) {
                TableStreams.remove(tx, stream);
                return false;
            }
            for (int shard = 0; shard < stream.shardCount(); shard++) {
                stream.log(shard).trim(tx, TableStreams.oldestMillis(now));
            }
            return true;
        });
    }
}
