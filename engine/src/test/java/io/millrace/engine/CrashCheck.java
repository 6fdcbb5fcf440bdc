package io.millrace.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Opens what a crash left, and lists everything that is not as promised.
final class CrashCheck {
    private static final int VIOLATIONS_MAX = 20;

    private final CrashRun run;
    private final List<String> violations = new ArrayList<>();

    private CrashCheck(CrashRun run) {
        this.run = run;
    }

    static List<String> violations(CrashRun run) {
        CrashCheck check = new CrashCheck(run);
        try (RocksStore store =
                RocksStore.open(run.directory, StoreOptions.DEFAULT, run.encryption())) {
            store.<Integer>read(check::check);
        } catch (StoreException e) {
            check.violation("does not open: " + e.getMessage());
        }
        return check.violations;
    }

    private int check(Snapshot snapshot) {
        long[] progress = new long[CrashWorkload.WORKERS];
        for (int worker = 0; worker < progress.length; worker++) {
            progress[worker] = CrashWorkload.progress(snapshot, worker);
            long acknowledged = run.acknowledged[worker];
            if (progress[worker] < acknowledged) {
                violation("worker " + worker + " lost " + progress[worker] + ".." + acknowledged);
            }
            if (progress[worker] > acknowledged + 1) {
                violation("worker " + worker + " is ahead: " + progress[worker]);
            }
        }
        CrashWorkload.Expected expected = CrashWorkload.expect(run.seed, progress);
        checkSlots(snapshot, expected);
        if (Bytes.counter(snapshot.get(CrashWorkload.COUNTER)) != expected.counter()) {
            violation("the counter is not " + expected.counter());
        }
        long chain = CrashWorkload.chain(snapshot);
        if (chain != expected.appends()) {
            violation("the chain is " + chain + " long, not " + expected.appends());
        }
        if (chain < run.chainSeen) {
            violation("a chain of " + run.chainSeen + " was shown, " + chain + " is left");
        }
        if (snapshot.version() < run.newestVersion) {
            violation("version " + snapshot.version() + " follows " + run.newestVersion);
        }
        checkLog(snapshot, chain);
        run.found(progress, chain);
        return 0;
    }

    private void checkSlots(Snapshot snapshot, CrashWorkload.Expected expected) {
        Map<String, String> found = new TreeMap<>();
        try (Cursor cursor = snapshot.prefix(CrashWorkload.SLOTS)) {
            while (cursor.next()) {
                found.put(CrashWorkload.text(cursor.key()), HistoryModel.text(cursor.value()));
            }
        }
        Set<String> keys = new TreeSet<>(found.keySet());
        keys.addAll(expected.slots().keySet());
        for (String key : keys) {
            String wanted = HistoryModel.text(expected.slots().get(key));
            String is = found.getOrDefault(key, HistoryModel.text(null));
            if (!is.equals(wanted)) {
                violation("slot " + key + (wanted.equals("-") ? " came back" : " is lost or old"));
            }
        }
    }

    private void checkLog(Snapshot snapshot, long chain) {
        long length = 0;
        try (Cursor cursor = snapshot.prefix(CrashWorkload.LOG)) {
            while (cursor.next()) {
                long version = new KeyReader(cursor.key()).uint64();
                KeyReader entry = new KeyReader(cursor.value());
                long position = entry.uint64();
                String operation = entry.uint8() + " " + entry.uint64();
                if (position != ++length) {
                    violation("log entry " + position + " at place " + length);
                }
                if (run.versions.getOrDefault(operation, version) != version) {
                    violation("log entry " + operation + " was acknowledged at another version");
                }
            }
        }
        if (length != chain) {
            violation("the log has " + length + " entries, the chain " + chain);
        }
    }

    private void violation(String text) {
        if (violations.size() < VIOLATIONS_MAX) {
            violations.add(text);
        }
    }
}
