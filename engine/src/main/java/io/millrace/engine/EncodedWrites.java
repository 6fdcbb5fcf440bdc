package io.millrace.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// A write set in the form of RocksDB's serialized `WriteBatch`, all but the stamps.
///
/// Built, with the values sealed, before the commit lock is taken, and crosses into native code in
/// one call. The form is that of the write-ahead log: eight bytes of sequence number and four of
/// count, little-endian, then per record a tag, and key and value each led by its length as a
/// varint. Source: `db/write_batch.cc`. The first record is only for the log: the version that was
/// durable when this was written, for [LogScan].
@SuppressWarnings("ArrayRecordComponent") // carriers of bytes, compared by nobody
final class EncodedWrites {
    static final int HEADER_BYTES = 12;
    static final int COUNT_OFFSET = 8;
    static final byte LOG_DATA = 0x3;
    static final int PROMISE_OFFSET = HEADER_BYTES + 2;
    static final int WRITES_OFFSET = PROMISE_OFFSET + Long.BYTES;
    private static final byte DELETION = 0x0;
    private static final byte VALUE = 0x1;
    private static final byte MERGE = 0x2;
    private static final byte RANGE_DELETION = 0xf;
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /// A stamp's place in the encoded bytes, and in a copy of the key when it stands in a key.
    private record Stamp(int encodedOffset, byte[] key, int keyOffset) {}

    /// An addition to a counter, and where it stands in the encoded bytes.
    private record Addition(byte[] key, long delta, int tagOffset, int valueOffset) {}

    /// A sealed value with stamps, and where it ends in the encoded bytes.
    private record Seal(long number, int encodedEnd) {}

    private final WriteSet writes;
    private final StoredValues values;
    private byte[] encoded;
    private final byte[][] keys;
    private final List<Stamp> stamps = new ArrayList<>(0);
    private final List<Seal> seals = new ArrayList<>(0);
    private final List<WriteSet.Step.DeletedRange> deletedRanges = new ArrayList<>(0);
    private final List<byte[]> stampedKeys = new ArrayList<>(0);
    private final List<Addition> additions = new ArrayList<>(0);
    private int offset = WRITES_OFFSET;
    private int keyCount;

    EncodedWrites(WriteSet writes, StoredValues values) {
        this.writes = writes;
        this.values = values;
        int writeCount = writes.points.size() + writes.sequence.size();
        encoded = new byte[size(writes) + writeCount * values.overheadBytesMax()];
        beginLogData(encoded);
        int rangeCount = 0;
        for (WriteSet.Step step : writes.sequence) {
            rangeCount += step instanceof WriteSet.Step.DeletedRange ? 1 : 0;
        }
        keys = new byte[writes.points.size() + writes.sequence.size() - rangeCount][];
        for (WriteSet.Step step : writes.sequence) {
            encode(step);
        }
        for (Map.Entry<byte[], WriteSet.Write> point : writes.points.entrySet()) {
            encode(point.getKey(), point.getValue());
            keys[keyCount++] = point.getKey();
        }
        INT.set(encoded, COUNT_OFFSET, count());
        encoded = offset < encoded.length ? Arrays.copyOf(encoded, offset) : encoded;
    }

    /// How many sequence numbers the writes take.
    int count() {
        return keys.length + deletedRanges.size();
    }

    byte[] bytes() {
        return encoded;
    }

    /// What tells in the log, without any write, that `durable` is durable.
    static byte[] promise(long durable) {
        byte[] bytes = new byte[WRITES_OFFSET];
        beginLogData(bytes);
        Bytes.writeLong(bytes, PROMISE_OFFSET, durable);
        return bytes;
    }

    private static void beginLogData(byte[] bytes) {
        bytes[HEADER_BYTES] = LOG_DATA;
        bytes[HEADER_BYTES + 1] = Long.BYTES;
    }

    /// Fills the stamps in, and tells what is written then.
    ///
    /// @param durable the version that is durable now
    RecentCommits.Commit stamp(long version, long durable) {
        Bytes.writeLong(encoded, PROMISE_OFFSET, durable);
        for (Stamp stamp : stamps) {
            Bytes.writeLong(encoded, stamp.encodedOffset(), version);
            if (stamp.key().length > 0) {
                Bytes.writeLong(stamp.key(), stamp.keyOffset(), version);
            }
        }
        for (Seal seal : seals) {
            values.stamped(seal.number(), version, encoded, seal.encodedEnd());
        }
        if (!stamps.isEmpty()) {
            Arrays.sort(keys, Arrays::compareUnsigned);
        }
        return new RecentCommits.Commit(version, keys, deletedRanges);
    }

    /// Tells the keys that a record of the log writes.
    ///
    /// @throws StoreException when it is no record of writes
    static void keys(ByteBuffer record, Consumer<byte[]> each) {
        entries(record, (_, key, _) -> each.accept(key));
    }

    /// Tells the entries that a record of the log puts.
    ///
    /// @throws StoreException when it is no record of writes
    static void values(ByteBuffer record, BiConsumer<byte[], byte[]> each) {
        entries(
                record,
                (tag, key, value) -> {
                    if (tag == VALUE) {
                        each.accept(key, value);
                    }
                });
    }

    private interface Entry {
        /// @param value empty where there is none
        void is(byte tag, byte[] key, byte[] value);
    }

    private static void entries(ByteBuffer record, Entry each) {
        if (record.remaining() < HEADER_BYTES) {
            throw noWrites();
        }
        record.position(HEADER_BYTES);
        while (record.hasRemaining()) {
            byte tag = record.get();
            byte[] first = slice(record);
            if (tag == LOG_DATA) {
                continue;
            }
            each.is(tag, first, tag == DELETION ? Bytes.EMPTY : slice(record));
        }
    }

    private static byte[] slice(ByteBuffer from) {
        int length = 0;
        int shift = 0;
        byte next;
        do { // ends: a length has five bytes at most
            if (shift >= Integer.SIZE || !from.hasRemaining()) {
                throw noWrites();
            }
            next = from.get();
            length |= (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        if (length < 0 || length > from.remaining()) {
            throw noWrites();
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    /// Somebody wrote it so, since the record's checksum fits.
    private static StoreException noWrites() {
        return new StoreException("a record whose checksum fits does not hold writes");
    }

    /// Tells the hot keys what is written, once the stamps are in; and writes what is added to a
    /// counter whose value is known as its new value, in the same place.
    ///
    /// @return the counters that have become hot
    List<HotKeys.Key> settle(HotKeys hotKeys, long version) {
        hotKeys.remove(stampedKeys, deletedRanges);
        writes.points.forEach((key, write) -> {
            switch (write) {
                case WriteSet.Write.Put(byte[] value) -> hotKeys.put(key, value, version);
                case WriteSet.Write.Count(long value) ->
                        hotKeys.put(key, Bytes.counter(value), version);
                case WriteSet.Write.Delete() -> hotKeys.put(key, null, version);
                case WriteSet.Write.StampedValue _ -> hotKeys.remove(List.of(key), List.of());
                case WriteSet.Write.Add _ -> {} // below
            }
        });
        List<HotKeys.Key> warm = new ArrayList<>(0);
        for (Addition addition : additions) {
            HotKeys.Key key = new HotKeys.Key(addition.key());
            byte[] value = hotKeys.counted(key, addition.delta(), version);
            if (value != null) {
                encoded[addition.tagOffset()] = VALUE;
                System.arraycopy(value, 0, encoded, addition.valueOffset(), value.length);
            } else if (hotKeys.warms(key, Bytes.EMPTY)) {
                warm.add(key);
            }
        }
        return warm;
    }

    /// Tells what is put, once the stamps are in.
    void tell(PutListeners listeners) {
        int stamped = 0;
        for (WriteSet.Step step : writes.sequence) {
            if (step instanceof WriteSet.Step.StampedKey put) {
                listeners.tell(stampedKeys.get(stamped++), put.value());
            }
        }
        writes.points.forEach((key, write) -> {
            if (write instanceof WriteSet.Write.Put(byte[] value)) {
                listeners.tell(key, value);
            } else if (write instanceof WriteSet.Write.StampedValue(byte[] value, int _)) {
                listeners.tell(key, value);
            }
        });
    }

    /// Lets `recent` know what is written with this version, once the stamps are in.
    void remember(RecentWrites recent, long version) {
        deletedRanges.forEach(range -> recent.remove(range, version));
        int stamped = 0;
        for (WriteSet.Step step : writes.sequence) {
            if (step instanceof WriteSet.Step.StampedKey put) {
                byte[] key = stampedKeys.get(stamped++);
                if (put.valueStampOffset() == Transaction.NO_STAMP) {
                    recent.put(key, put.value(), version);
                } else {
                    recent.remove(key);
                }
            }
        }
        writes.points.forEach((key, write) -> {
            if (write instanceof WriteSet.Write.Put(byte[] value)) {
                recent.put(key, value, version);
            } else {
                recent.remove(key);
            }
        });
    }

    private void encode(WriteSet.Step step) {
        switch (step) {
            case WriteSet.Step.DeletedRange range -> {
                encoded[offset++] = RANGE_DELETION;
                append(range.from());
                append(range.to());
                deletedRanges.add(range);
            }
            case WriteSet.Step.StampedKey(
                            byte[] key,
                            int keyStamp,
                            byte[] value,
                            int valueStamp) -> {
                byte[] finalKey = key.clone();
                encoded[offset++] = VALUE;
                stamps.add(new Stamp(append(key) + keyStamp, finalKey, keyStamp));
                append(values.sealStamped(key, keyStamp, value, valueStamp));
                keys[keyCount++] = finalKey;
                stampedKeys.add(finalKey);
            }
        }
    }

    private void encode(byte[] key, WriteSet.Write write) {
        switch (write) {
            case WriteSet.Write.Put(byte[] value) -> {
                encoded[offset++] = VALUE;
                append(key);
                append(values.seal(key, value));
            }
            case WriteSet.Write.Count(long value) -> {
                encoded[offset++] = VALUE;
                append(key);
                append(Bytes.counter(value));
            }
            case WriteSet.Write.Delete() -> {
                encoded[offset++] = DELETION;
                append(key);
            }
            case WriteSet.Write.Add(long delta) -> {
                int tagOffset = offset;
                encoded[offset++] = MERGE;
                append(key);
                additions.add(new Addition(key, delta, tagOffset, append(Bytes.counter(delta))));
            }
            case WriteSet.Write.StampedValue(byte[] value, int stampOffset) -> {
                encoded[offset++] = VALUE;
                append(key);
                append(values.sealStamped(key, Transaction.NO_STAMP, value, stampOffset));
            }
        }
    }

    private void append(StoredValues.Stamped stored) {
        int start = append(stored.bytes());
        if (stored.stampOffset() != Transaction.NO_STAMP) {
            stamps.add(new Stamp(start + stored.stampOffset(), Bytes.EMPTY, 0));
        }
        if (stored.sealNumber() >= 0) {
            seals.add(new Seal(stored.sealNumber(), offset));
        }
    }

    /// Returns where the bytes begin.
    private int append(byte[] bytes) {
        int length = bytes.length;
        while (length >= 0x80) {
            encoded[offset++] = (byte) (length | 0x80);
            length >>>= 7;
        }
        encoded[offset++] = (byte) length;
        int start = offset;
        System.arraycopy(bytes, 0, encoded, start, bytes.length);
        offset += bytes.length;
        return start;
    }

    /// The size with values as they are.
    private static int size(WriteSet writes) {
        int size = WRITES_OFFSET;
        for (WriteSet.Step step : writes.sequence) {
            size +=
                    switch (step) {
                        case WriteSet.Step.DeletedRange(byte[] from, byte[] to) ->
                                1 + size(from.length) + size(to.length);
                        case WriteSet.Step.StampedKey stamped ->
                                1 + size(stamped.key().length) + size(stamped.value().length);
                    };
        }
        for (Map.Entry<byte[], WriteSet.Write> point : writes.points.entrySet()) {
            size += 1 + size(point.getKey().length);
            size +=
                    switch (point.getValue()) {
                        case WriteSet.Write.Put(byte[] value) -> size(value.length);
                        case WriteSet.Write.Delete() -> 0;
                        case WriteSet.Write.Add _, WriteSet.Write.Count _ -> size(Long.BYTES);
                        case WriteSet.Write.StampedValue(byte[] value, int _) -> size(value.length);
                    };
        }
        return size;
    }

    /// The size of so many bytes with their varint.
    private static int size(int length) {
        int significantBits = Integer.SIZE - Integer.numberOfLeadingZeros(length | 1);
        return length + (significantBits + 6) / 7;
    }
}
