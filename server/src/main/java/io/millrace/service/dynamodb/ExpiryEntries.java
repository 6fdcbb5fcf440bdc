package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.Bytes;
import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// The entries that tell which items expire when: one for each item that does, in the order of
/// time, written and removed in the transaction of the item's own change.
///
/// Each table with time to live has a space of entries, which begins with the space's mark: the key
/// of the table's record. The alarm is one key that is written with what expires within a minute:
/// who watches it learns of what is urgent, and of nothing else.
///
/// An item expires when the attribute is a number, a whole one, of a second in the past, but not
/// more than five years in the past. Source: [how it
/// works](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html).
final class ExpiryEntries {
    static final long NEVER = -1;

    private static final int SECOND_DIGITS_MAX = 15;
    private static final int PREFIX_BYTES = 1;
    private static final int SPACE_BYTES = PREFIX_BYTES + Long.BYTES;
    private static final long MILLIS = 1_000;
    private static final long ALARM_SPACE = 0;
    private static final byte[] NOTHING = {};

    /// @param item the key of the item behind its space, as in the table
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(long second, byte[] item) {}

    private ExpiryEntries() {}

    /// The second at which an item expires, or [#NEVER].
    static long second(TimeToLive timeToLive, @Nullable StoredItem item) {
        if (item == null
                || !(item.attributes().get(timeToLive.attribute())
                        instanceof AttributeValue.N(String number))) {
            return NEVER;
        }
        boolean whole = number.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return whole && number.length() <= SECOND_DIGITS_MAX ? Long.parseLong(number) : NEVER;
    }

    static boolean isTooOld(long second, long nowMillis) {
        return second < nowMillis / MILLIS - DynamoDbLimits.EXPIRED_AGE_MAX.toSeconds();
    }

    /// What a change of an item does to its entry.
    static void replace(
            Transaction tx,
            Table table,
            byte[] key,
            @Nullable StoredItem old,
            @Nullable StoredItem replacement,
            long nowMillis) {
        TimeToLive timeToLive = TimeToLive.active(table);
        if (timeToLive == null) {
            return;
        }
        long before = second(timeToLive, old);
        long after = second(timeToLive, replacement);
        if (before == after) {
            return;
        }
        if (before != NEVER) {
            tx.delete(key(timeToLive.number(), new Entry(before, item(key))));
        }
        put(tx, timeToLive, key, after, nowMillis);
    }

    /// Puts the entry of an item that expires.
    static void put(
            Transaction tx, TimeToLive timeToLive, byte[] key, long second, long nowMillis) {
        if (second == NEVER || isTooOld(second, nowMillis)) {
            return;
        }
        tx.put(key(timeToLive.number(), new Entry(second, item(key))), NOTHING);
        if (second * MILLIS < nowMillis + DynamoDbLimits.EXPIRY_LOOK_AHEAD.toMillis()) {
            raiseAlarm(tx);
        }
    }

    /// Begins the space of a table whose items expire from now on.
    static void open(Transaction tx, Table table, TimeToLive timeToLive) {
        byte[] record = DynamoDbKeys.table(table.accountId(), table.region(), table.name());
        tx.put(mark(timeToLive.number()), record);
        raiseAlarm(tx);
    }

    /// Removes all entries.
    static void drop(Transaction tx, long space) {
        byte[] mark = mark(space);
        tx.deleteRange(mark, Bytes.prefixEnd(mark));
    }

    /// Makes the entries those of this record of the table.
    static void belong(Transaction tx, long space, Table table) {
        tx.put(mark(space), DynamoDbKeys.table(table.accountId(), table.region(), table.name()));
    }

    private static void raiseAlarm(Transaction tx) {
        tx.put(alarm(), NOTHING);
    }

    static byte[] alarm() {
        return mark(ALARM_SPACE);
    }

    /// What all keys of a space begin with, and the first of them.
    static byte[] mark(long space) {
        return new KeyWriter(DynamoDbKeys.EXPIRY).uint64(space).toBytes();
    }

    /// Whether `key` is a mark, and not an entry.
    static boolean isMark(byte[] key) {
        return key.length == SPACE_BYTES;
    }

    static long space(byte[] key) {
        return new KeyReader(key).uint64();
    }

    static Entry entry(byte[] key) {
        KeyReader reader = new KeyReader(key);
        reader.uint64();
        return new Entry(reader.uint64(), reader.rest());
    }

    static byte[] key(long space, Entry entry) {
        return from(space, entry.second()).raw(entry.item()).toBytes();
    }

    /// Before all entries of that second.
    static KeyWriter from(long space, long second) {
        return new KeyWriter(DynamoDbKeys.EXPIRY).uint64(space).uint64(second);
    }

    /// The key of an item in its table.
    static byte[] itemKey(Table table, Entry entry) {
        return new KeyWriter(DynamoDbKeys.ITEM).uint64(table.number()).raw(entry.item()).toBytes();
    }

    private static byte[] item(byte[] key) {
        return Arrays.copyOfRange(key, SPACE_BYTES, key.length);
    }
}
