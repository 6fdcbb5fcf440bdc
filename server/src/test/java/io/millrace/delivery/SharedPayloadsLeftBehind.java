package io.millrace.delivery;

import io.millrace.engine.Cursor;
import io.millrace.engine.KeyReader;
import io.millrace.engine.Store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Judges a store after a pass of [SharedPayloads] over all ages: each payload that is there has a
/// holder.
public final class SharedPayloadsLeftBehind {

    private SharedPayloadsLeftBehind() {}

    /// What nothing holds, in words.
    public static List<String> in(Store store) {
        return store.read(snapshot -> {
            List<String> found = new ArrayList<>();
            Set<String> held = new HashSet<>();
            byte[] payloads = Arrays.copyOf(DeliveryKeys.payload(0, 0), 1);
            try (Cursor cursor = snapshot.prefix(DeliveryKeys.holders())) {
                while (cursor.next()) {
                    DeliveryKeys.PayloadId id = DeliveryKeys.readHolders(cursor.key());
                    String name = name(id.stamp(), id.number());
                    held.add(name);
                    if (!SharedPayload.isHeld(snapshot, id.stamp(), cursor.value())) {
                        found.add("left behind: a payload " + name);
                    }
                }
            }
            try (Cursor cursor = snapshot.prefix(payloads)) {
                while (cursor.next()) {
                    KeyReader key = new KeyReader(cursor.key());
                    String name = name(key.uint64(), key.uint64());
                    if (!held.remove(name)) {
                        found.add("unknown: a payload " + name);
                    }
                }
            }
            held.forEach(name -> found.add("missing: a payload " + name));
            return found;
        });
    }

    private static String name(long stamp, long number) {
        return "of version %d, number %d".formatted(stamp, number);
    }
}
