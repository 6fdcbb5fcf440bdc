package io.millrace.service.dynamodb;

import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.log.Log;
import io.millrace.service.dynamodb.Table.OpenShard;
import io.millrace.service.dynamodb.Table.StreamState;
import io.millrace.storage.Worker;
import io.millrace.stream.StreamOptions;
import io.millrace.stream.StreamShard;
import io.millrace.stream.StreamShards;
import io.millrace.stream.TableStream;
import io.millrace.stream.TableStreams;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Closes the shards of streams that are old or full, and opens their children.
///
/// One virtual thread that looks at the open shards once a minute while records are appended, and
/// sleeps otherwise: a shard without records stays open. The switch is a change of the table's
/// record, which every write reads anyway: a write that chose the old shard and has not committed
/// runs again and chooses the new one.
final class StreamRoller implements AutoCloseable {
    private static final Log LOG = Log.of(StreamRoller.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final Duration PAUSE_WITHOUT_APPENDS = Duration.ofDays(1);
    private static final int PAGE_STREAMS = 100;
    private static final int CHILDREN = 2;

    private final Store store;
    private final InstantSource clock;
    private final StreamOptions options;
    private final Worker worker;

    StreamRoller(Store store, InstantSource clock, StreamOptions options) {
        this.store = store;
        this.clock = clock;
        this.options = options;
        this.worker = new Worker(store, "dynamodb-streams", TableStreams.appends(), this::step);
    }

    void start() {
        worker.start();
    }

    /// Waits until the switch that is under way, if any, has ended.
    @Override
    public void close() {
        worker.close();
    }

    private void step(Watch appends) throws InterruptedException {
        roll();
        appends.await(PAUSE_WITHOUT_APPENDS);
        Worker.pause(store, PAUSE);
    }

    /// Switches every shard that is due.
    void roll() {
        TableStream after = null;
        while (true) { // ends with the last page
            TableStream from = after;
            List<TableStream> page = store.read(tx -> TableStreams.page(tx, from, PAGE_STREAMS));
            for (TableStream stream : page) {
                if (stream.enabled()) {
                    guarded(stream);
                }
            }
            if (page.size() < PAGE_STREAMS) {
                return;
            }
            after = page.getLast();
        }
    }

    private void guarded(TableStream stream) {
        try {
            roll(stream);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException | Error e) { // such as want of memory
            LOG.error("Shards could not be switched", e, "table", stream.tableName());
        }
    }

    private void roll(TableStream stream) {
        TableName name = new TableName(stream.accountId(), stream.region(), stream.tableName());
        Instant now = clock.instant();
        List<OpenShard> due =
                store.read(tx -> {
                    Table table = Tables.find(tx, name);
                    List<OpenShard> found = new ArrayList<>();
                    for (OpenShard open :
                            table == null ? List.<OpenShard>of() : open(table, stream)) {
                        StreamShard shard =
                                StreamShards.find(tx, stream, open.shard(), Long.MIN_VALUE);
                        long count = StreamShards.count(tx, stream.log(open.shard()));
                        if (shard != null && count > 0 && (isFull(count) || isOld(shard, now))) {
                            found.add(open);
                        }
                    }
                    return found;
                });
        for (OpenShard shard : due) {
            boolean full =
                    store.read(tx -> isFull(StreamShards.count(tx, stream.log(shard.shard()))));
            store.write(tx -> follow(tx, name, stream, shard, full, now));
        }
    }

    private boolean isFull(long count) {
        return count >= options.shardRecordsMax();
    }

    private boolean isOld(StreamShard shard, Instant now) {
        return shard.openedMillis() + options.shardAge().toMillis() <= now.toEpochMilli();
    }

    /// The shards that a table's writes go to, when this is still its stream.
    private static List<OpenShard> open(Table table, TableStream stream) {
        StreamState state = table.stream();
        if (state == null || !state.enabled() || state.number() != stream.number()) {
            return List.of();
        }
        return state.shards().isEmpty() ? List.of(new OpenShard(0, 0)) : state.shards();
    }

    private boolean follow(
            Transaction tx,
            TableName name,
            TableStream stream,
            OpenShard due,
            boolean full,
            Instant now) {
        Table table = Tables.find(tx, name);
        TableStream current =
                TableStreams.find(
                        tx,
                        stream.accountId(),
                        stream.region(),
                        stream.tableName(),
                        stream.label());
        List<OpenShard> open = table == null ? List.of() : open(table, stream);
        StreamShard parent =
                current == null
                        ? null
                        : StreamShards.find(tx, current, due.shard(), Long.MIN_VALUE);
        if (table == null
                || table.stream() == null
                || current == null
                || parent == null
                || !open.contains(due)) {
            return false;
        }
        boolean splits =
                full
                        && open.size() < options.shardCountMax()
                        && parent.toHash() - parent.fromHash() >= CHILDREN;
        List<OpenShard> next = new ArrayList<>(open);
        next.remove(due);
        for (StreamShard child :
                StreamShards.follow(tx, current, parent, splits ? CHILDREN : 1, now)) {
            next.add(new OpenShard(child.shard(), child.fromHash()));
        }
        next.sort(Comparator.comparingInt(OpenShard::fromHash));
        Tables.put(tx, table.with(table.stream().with(next)));
        return true;
    }
}
