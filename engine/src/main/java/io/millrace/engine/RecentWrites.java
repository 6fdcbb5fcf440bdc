package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/// The values that were written last, for who reads them soon after: a queue's message above all,
/// which is sent, received and deleted within moments. Saves the way into native code.
///
/// As in [HotKeys], an entry holds for every snapshot from its version on, until a commit writes
/// its key. Changed under the commit lock, read without one. Bounded: the oldest go.
final class RecentWrites {

    /// A write in the order of their versions; that of a key that was written again counts no more.
    private record Write(HotKeys.Key key, long version) {}

    private static final long BYTES_MAX = 4L << 20;
    private static final int VALUE_BYTES_MAX = 4096;
    private static final int FIRST_BYTES = 256;

    private final int writesMax;
    private final ConcurrentHashMap<HotKeys.Key, HotKeys.Entry> entries = new ConcurrentHashMap<>();
    private final Deque<Write> writes = new ArrayDeque<>();
    private long bytes;

    /// When a range was last deleted that may have keys with each first byte: what is as old, or
    /// older, is not known any more.
    private final AtomicLongArray rangesDeleted = new AtomicLongArray(FIRST_BYTES);

    RecentWrites(int writesMax) {
        this.writesMax = writesMax;
    }

    /// What a snapshot of `version` has at a key; null when that is not known here.
    HotKeys.@Nullable Entry find(HotKeys.Key key, long version) {
        HotKeys.Entry entry = entries.get(key);
        return entry != null
                        && entry.version() <= version
                        && entry.version() > rangesDeleted.get(first(key.bytes()))
                ? entry
                : null;
    }

    /// Takes note of what a commit of `version` puts.
    void put(byte[] written, byte[] value, long version) {
        HotKeys.Key key = new HotKeys.Key(written);
        if (value.length > VALUE_BYTES_MAX) {
            remove(key);
            return;
        }
        HotKeys.Entry before = entries.put(key, new HotKeys.Entry(value, version));
        bytes += size(key, value) - (before == null ? 0 : size(key, before.value()));
        writes.addLast(new Write(key, version));
        while (writes.size() > writesMax || bytes > BYTES_MAX) {
            Write oldest = writes.removeFirst();
            HotKeys.Entry entry = entries.get(oldest.key);
            if (entry != null && entry.version() == oldest.version) {
                remove(oldest.key);
            }
        }
    }

    /// Forgets a key that a commit writes in another way.
    void remove(byte[] written) {
        remove(new HotKeys.Key(written));
    }

    /// Forgets what is in a range that a commit of `version` deletes, and all that is written
    /// before it in the same commit.
    void remove(WriteSet.Step.DeletedRange range, long version) {
        for (int first = first(range.from()); first <= first(range.to()); first++) {
            rangesDeleted.set(first, version);
        }
    }

    private void remove(HotKeys.Key key) {
        HotKeys.Entry removed = entries.remove(key);
        bytes -= removed == null ? 0 : size(key, removed.value());
    }

    private static int first(byte[] key) {
        return key.length == 0 ? 0 : key[0] & 0xff;
    }

    private static int size(HotKeys.Key key, byte @Nullable [] value) {
        return key.bytes().length + (value == null ? 0 : value.length);
    }
}
