package io.millrace.service.dynamodb;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyReader;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.engine.StoreException;
import io.millrace.engine.Transaction;
import io.millrace.engine.Watch;
import io.millrace.log.Log;
import io.millrace.storage.SetAside;
import io.millrace.storage.UnreadableException;
import io.millrace.storage.Worker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Durable background work on tables: backfills, copies, imports, exports.
///
/// A job is one record, put by the transaction that makes it necessary, so that it is there exactly
/// when it has to be. One virtual thread does a step of each job in turn; a step does a bounded
/// piece and records how far it came in the piece's own transaction, so that a crash repeats at
/// most what left no trace. Without jobs the thread is parked. A step that fails is tried again
/// after a pause, for ever: a job that cannot succeed must end itself. One that cannot be read is
/// set aside.
final class TableJobs implements AutoCloseable {
    private static final Log LOG = Log.of(TableJobs.class);
    private static final Duration PAUSE_WITHOUT_JOBS = Duration.ofDays(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final int JOBS_PER_PASS_MAX = 1_000;

    /// @param kind which handler does it
    /// @param id unique among the jobs of its kind
    /// @param state the handler's own: what is to be done, and how far it came
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Job(String kind, String id, byte[] state) {}

    /// Does the jobs of one kind.
    @FunctionalInterface
    interface Handler {

        /// Does a bounded piece of the job, in transactions of its own. Each first finds the job by
        /// [TableJobs#state], as it may have been removed meanwhile, and then puts it with its new
        /// state, or removes it when it is done.
        void step(Job job);
    }

    private final Store store;
    private final Map<String, Handler> handlers;
    private final Worker worker;

    TableJobs(Store store, Map<String, Handler> handlers) {
        this.store = store;
        this.handlers = Map.copyOf(handlers);
        this.worker = new Worker(store, "dynamodb-jobs", new byte[] {DynamoDbKeys.JOB}, this::step);
    }

    static void put(Transaction tx, Job job) {
        tx.put(DynamoDbKeys.job(job.kind(), job.id()), job.state());
    }

    static void remove(Transaction tx, String kind, String id) {
        tx.delete(DynamoDbKeys.job(kind, id));
    }

    /// The state of a job, or null when there is no such job any more.
    static byte @Nullable [] state(Snapshot tx, String kind, String id) {
        return tx.get(DynamoDbKeys.job(kind, id));
    }

    void start() {
        worker.start();
    }

    @Override
    public void close() {
        worker.close();
    }

    private void step(Watch changes) throws InterruptedException {
        List<Job> jobs = jobs();
        if (jobs.isEmpty()) {
            changes.await(PAUSE_WITHOUT_JOBS);
        } else if (!steps(jobs)) {
            changes.await(PAUSE_AFTER_FAILURE);
        }
    }

    /// For tests: works until no job is left.
    void finish() {
        for (List<Job> jobs = jobs(); !jobs.isEmpty(); jobs = jobs()) { // each step moves on
            for (Job job : jobs) {
                step(job);
            }
        }
    }

    /// For tests: one step of each job there is.
    void pass() {
        jobs().forEach(this::step);
    }

    private List<Job> jobs() {
        return store.read(TableJobs::page);
    }

    private static List<Job> page(Snapshot tx) {
        byte[] from = {DynamoDbKeys.JOB};
        List<Job> jobs = new ArrayList<>();
        try (Cursor cursor = tx.range(from, Bytes.prefixEnd(from), Direction.FORWARD)) {
            while (jobs.size() < JOBS_PER_PASS_MAX && SetAside.next(tx, cursor) != null) {
                KeyReader key = new KeyReader(cursor.key());
                jobs.add(new Job(key.string(), key.string(), cursor.value()));
            }
        }
        return jobs;
    }

    /// False when one failed.
    private boolean steps(List<Job> jobs) {
        boolean failed = false;
        for (Job job : jobs) {
            if (Thread.currentThread().isInterrupted()) {
                return true;
            }
            try {
                step(job);
            } catch (StoreException e) {
                throw e;
            } catch (UnreadableException e) {
                SetAside.put(store, DynamoDbKeys.job(job.kind(), job.id()), job.state(), e);
            } catch (RuntimeException | Error e) { // such as want of memory
                LOG.error("A step of a job failed", e, "kind", job.kind(), "id", job.id());
                failed = true;
            }
        }
        return !failed;
    }

    private void step(Job job) {
        Handler handler = handlers.get(job.kind());
        if (handler == null) {
            throw new UnreadableException("no handler for jobs of the kind " + job.kind());
        }
        handler.step(job);
    }
}
