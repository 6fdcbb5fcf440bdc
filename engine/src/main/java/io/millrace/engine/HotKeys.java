package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// The committed values of keys that are read, or added to, again and again: definitions that every
/// request looks up, and counters. Saves the way into native code, and lets an addition to a
/// counter be written as its new value, which costs the database half.
///
/// An entry holds for every snapshot from its version on, until a commit writes its key; a snapshot
/// from before finds nothing here. Changed under the commit lock, under which snapshots are taken
/// too: who has a snapshot with a commit sees what that commit changed here. Read without a lock.
///
/// A key is hot when it is read more than about once in a thousand reads of what is not hot yet.
final class HotKeys {

    /// A key with its hash.
    static final class Key {
        private final byte[] bytes;
        private final int hash;

        Key(byte[] bytes) {
            this.bytes = bytes;
            int mixed = Arrays.hashCode(bytes) * 0x9e3779b9;
            this.hash = mixed ^ mixed >>> 16;
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /// A value that nobody changes; null when the key is not there.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Entry(byte @Nullable [] value, long version) {}

    private static final int ENTRIES_MAX = 1024;
    private static final int KEY_BYTES_MAX = 512;
    private static final int VALUE_BYTES_MAX = 4096;
    private static final int SLOTS = 4096;
    private static final int COOLING_READS = 16_384;

    private final ConcurrentHashMap<Key, Entry> entries = new ConcurrentHashMap<>();
    private final int hotReads;

    /// How often the keys of each slot were read of late. Races lose a count, which is no harm.
    private final byte[] reads = new byte[SLOTS];

    private int coolingCount;

    /// @param hotReads how many reads make a key hot
    HotKeys(int hotReads) {
        this.hotReads = hotReads;
    }

    /// What a snapshot of `version` has at a key; null when that is not known here.
    @Nullable Entry find(Key key, long version) {
        Entry entry = entries.get(key);
        return entry != null && entry.version <= version ? entry : null;
    }

    /// Counts a read of a key that is not known; true when it has become hot by that.
    boolean warms(Key key, byte @Nullable [] value) {
        if (!isSmall(key, value)) {
            return false;
        }
        if (++coolingCount >= COOLING_READS) {
            coolingCount = 0;
            for (int i = 0; i < SLOTS; i++) {
                reads[i] >>= 1;
            }
        }
        int slot = key.hash & SLOTS - 1;
        int count = reads[slot] + 1;
        reads[slot] = (byte) (count >= hotReads ? 0 : count);
        return count >= hotReads;
    }

    /// Adds what was there at `version` and has not been written since. Under the commit lock.
    void add(Key key, byte @Nullable [] value, long version) {
        if (!isSmall(key, value)) {
            return;
        }
        if (entries.size() >= ENTRIES_MAX) {
            clear();
        }
        entries.put(new Key(key.bytes.clone()), new Entry(value, version));
    }

    /// Forgets all; what is hot comes back.
    void clear() {
        entries.clear();
    }

    /// Forgets keys that a commit writes, and all in the ranges that it deletes.
    void remove(List<byte[]> keys, List<WriteSet.Step.DeletedRange> ranges) {
        if (entries.isEmpty()) {
            return;
        }
        for (byte[] key : keys) {
            entries.remove(new Key(key));
        }
        for (WriteSet.Step.DeletedRange range : ranges) {
            entries.keySet().removeIf(key -> range.contains(key.bytes));
        }
    }

    /// Changes an entry, if there is one, to what a commit of `version` puts there.
    void put(byte[] key, byte @Nullable [] value, long version) {
        if (entries.isEmpty()) {
            return;
        }
        Key known = new Key(key);
        if (isSmall(known, value)) {
            entries.computeIfPresent(known, (_, _) -> new Entry(value, version));
        } else {
            entries.remove(known);
        }
    }

    /// What a commit of `version` brings a counter to; null when its value is not known.
    byte @Nullable [] counted(Key key, long delta, long version) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        byte[] value = Bytes.counter(Bytes.counter(entry.value) + delta);
        entries.put(key, new Entry(value, version));
        return value;
    }

    private static boolean isSmall(Key key, byte @Nullable [] value) {
        return key.bytes.length <= KEY_BYTES_MAX
                && (value == null || value.length <= VALUE_BYTES_MAX);
    }
}
