package io.millrace.trace;

import io.millrace.engine.Bytes;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Which ids a block has hops of, as their hashes in order, behind the block's size: to look for a
/// trace without reading every block.
final class TraceIds {
    private TraceIds() {}

    static byte[] encode(List<Hop> hops, int blockBytes) {
        long[] hashes = new long[2 * hops.size()];
        int count = 0;
        String last = null; // most hops are of what the hop before was of
        for (Hop hop : hops) {
            if (!hop.id().equals(last)) {
                last = hop.id();
                hashes[count++] = hash(last);
            }
            String link = hop.link();
            if (link != null) {
                hashes[count++] = hash(link);
            }
        }
        Arrays.sort(hashes, 0, count);
        int different = 0;
        for (int i = 0; i < count; i++) {
            if (different == 0 || hashes[i] != hashes[different - 1]) {
                hashes[different++] = hashes[i];
            }
        }
        byte[] value = new byte[Long.BYTES * (different + 1)];
        Bytes.writeLong(value, 0, blockBytes);
        for (int i = 0; i < different; i++) {
            Bytes.writeLong(value, Long.BYTES * (i + 1), hashes[i]);
        }
        return value;
    }

    static long blockBytes(byte[] value) {
        return Bytes.readLong(value, 0);
    }

    /// Whether the block may have one of the ids.
    static boolean mayHave(byte[] value, Collection<String> ids) {
        for (String id : ids) {
            long sought = hash(id);
            int low = 1;
            int high = value.length / Long.BYTES - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                long found = Bytes.readLong(value, middle * Long.BYTES);
                if (found == sought) {
                    return true;
                }
                if (found < sought) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
        }
        return false;
    }

    /// FNV-1a over the characters.
    private static long hash(String id) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < id.length(); i++) {
            hash ^= id.charAt(i);
            hash *= 0x100000001b3L;
        }
        return hash;
    }
}
