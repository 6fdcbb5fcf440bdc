package io.millrace.identity;

import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.log.Log;
import io.millrace.storage.ResourceCodec;
import io.millrace.storage.Worker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;

/// When access keys and roles were last used. What is told is exact for what this server saw; the
/// store hears of it at most once in some minutes for each, from a thread of its own, so a crash
/// loses some minutes. Thread-safe.
public final class LastUses implements AutoCloseable {
    private static final Log LOG = Log.of(LastUses.class);
    private static final long WRITE_PAUSE_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final int IDS_MAX = 10_000;
    private static final int WAITING_MAX = 1_000;

    private static final class Seen {
        private volatile LastUse last;
        private volatile long writtenMillis;

        Seen(LastUse last) {
            this.last = last;
        }
    }

    private final Store store;
    private final InstantSource clock;
    private final ResourceCodec<LastUse> codec = new ResourceCodec<>(LastUse.class);
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Worker writer;

    public LastUses(Store store, InstantSource clock) {
        this(store, clock, Worker.FAULT_PAUSE);
    }

    LastUses(Store store, InstantSource clock, Duration faultPause) {
        this.store = store;
        this.clock = clock;
        this.writer =
                new Worker(store, "identity-last-use", _ -> write(waiting.take()), faultPause);
    }

    public void start() {
        writer.start();
    }

    /// Notes a use, now.
    ///
    /// @param id of an access key or a role
    public void note(String id, String service, String region) {
        long now = clock.millis();
        Seen before = seen.get(id);
        if (before == null) {
            if (seen.size() >= IDS_MAX) {
                seen.clear(); // what was not written yet is lost, and noted with its next use
            }
            before = seen.computeIfAbsent(id, _ -> new Seen(new LastUse(now, service, region)));
        }
        LastUse last = before.last;
        if (last.millis() != now || !last.service().equals(service)) {
            before.last = new LastUse(now, service, region);
        }
        if (now - before.writtenMillis >= WRITE_PAUSE_MILLIS && waiting.offer(id)) {
            before.writtenMillis = now;
        }
    }

    /// Null when it was never used.
    public @Nullable LastUse of(String id) {
        Seen here = seen.get(id);
        return here != null
                ? here.last
                : store.<@Nullable LastUse>read(
                        snapshot -> codec.decodeOrNull(snapshot.get(IdentityKeys.lastUse(id))));
    }

    private void write(String id) {
        Seen one = seen.get(id);
        if (one != null) {
            byte[] value = codec.encode(one.last);
            store.write(transaction -> {
                transaction.put(IdentityKeys.lastUse(id), value);
                return id;
            });
        }
    }

    /// Writes what is not written yet.
    @Override
    public void close() {
        writer.close();
        try {
            waiting.forEach(this::write);
            for (Map.Entry<String, Seen> entry : seen.entrySet()) {
                if (entry.getValue().last.millis() > entry.getValue().writtenMillis) {
                    write(entry.getKey());
                }
            }
        } catch (StoreException e) {
            LOG.info("Uses of access keys are not written", "cause", e.getMessage());
        } catch (RuntimeException | Error e) { // what is closed after this must be
            LOG.error("Uses of access keys are not written by our own fault", e);
        }
    }
}
