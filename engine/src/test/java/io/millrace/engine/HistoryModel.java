package io.millrace.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The sorted map that transactions are replayed on; independent of the store's code.
final class HistoryModel {
    private TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

    /// Applies the steps, and returns what its reads show here.
    List<String> replay(RandomTransaction.Observed observed) {
        TreeMap<byte[], byte[]> before = new TreeMap<>(entries);
        List<byte[]> stamped = new ArrayList<>();
        List<String> reads = new ArrayList<>();
        for (RandomTransaction.Step step : observed.steps()) {
            if (RandomTransaction.writes(step)) {
                write(step, observed.version(), stamped);
            } else if (!(step instanceof RandomTransaction.Step.DeleteRange)) {
                reads.add(read(step));
            }
        }
        if (observed.wrote()) {
            stamped.forEach(key -> entries.put(key, Bytes.EMPTY));
        } else {
            entries = before;
        }
        return reads;
    }

    List<String> dump() {
        List<String> dump = new ArrayList<>();
        entries.forEach((key, value) -> dump.add(text(key) + "=" + text(value)));
        return dump;
    }

    static List<String> dump(Snapshot snapshot) {
        List<String> dump = new ArrayList<>();
        try (Cursor cursor =
                snapshot.range(Bytes.EMPTY, new byte[] {(byte) 0xff}, Snapshot.Direction.FORWARD)) {
            while (cursor.next()) {
                dump.add(text(cursor.key()) + "=" + text(cursor.value()));
            }
        }
        return dump;
    }

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "-" : HexFormat.of().formatHex(bytes);
    }

    private void write(RandomTransaction.Step step, long version, List<byte[]> stamped) {
        switch (step) {
            case RandomTransaction.Step.Put(int key, int value) ->
                    entries.put(RandomTransaction.key(key), RandomTransaction.value(value));
            case RandomTransaction.Step.Delete(int key) ->
                    entries.remove(RandomTransaction.key(key));
            case RandomTransaction.Step.DeleteRange(int from, int to) ->
                    entries.subMap(RandomTransaction.key(from), RandomTransaction.key(to)).clear();
            case RandomTransaction.Step.Add(int counter, long delta) ->
                    entries.merge(
                            RandomTransaction.counterKey(counter),
                            Bytes.counter(delta),
                            (a, b) -> Bytes.counter(Bytes.counter(a) + Bytes.counter(b)));
            case RandomTransaction.Step.Append(int suffix) ->
                    stamped.add(RandomTransaction.logKey(version, suffix));
            case RandomTransaction.Step.Get _,
                    RandomTransaction.Step.Range _,
                    RandomTransaction.Step.GetCounter _ ->
                    throw new IllegalArgumentException("not a write");
        }
    }

    private String read(RandomTransaction.Step step) {
        return switch (step) {
            case RandomTransaction.Step.Get(int key) ->
                    text(entries.get(RandomTransaction.key(key)));
            case RandomTransaction.Step.GetCounter(int counter) ->
                    String.valueOf(
                            Bytes.counter(entries.get(RandomTransaction.counterKey(counter))));
            case RandomTransaction.Step.Range(
                            int from,
                            int to,
                            Snapshot.Direction direction,
                            int limit) ->
                    range(from, to, direction, limit);
            case RandomTransaction.Step.Put _,
                    RandomTransaction.Step.Delete _,
                    RandomTransaction.Step.DeleteRange _,
                    RandomTransaction.Step.Add _,
                    RandomTransaction.Step.Append _ ->
                    throw new IllegalArgumentException("not a read");
        };
    }

    private String range(int from, int to, Snapshot.Direction direction, int limit) {
        if (from >= to) {
            return "";
        }
        NavigableMap<byte[], byte[]> part =
                entries.subMap(RandomTransaction.key(from), true, RandomTransaction.key(to), false);
        NavigableMap<byte[], byte[]> ordered =
                direction == Snapshot.Direction.FORWARD ? part : part.descendingMap();
        StringBuilder text = new StringBuilder();
        int count = 0;
        for (Map.Entry<byte[], byte[]> entry : ordered.entrySet()) {
            if (count++ == limit) {
                break;
            }
            text.append(text(entry.getKey()))
                    .append('=')
                    .append(text(entry.getValue()))
                    .append(' ');
        }
        return text.toString();
    }
}
