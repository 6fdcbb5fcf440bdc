package io.millrace.engine;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// The transactions of the crash tests: each a function of seed, worker and number, so that whoever
/// knows how far a worker came knows what must be in the store.
///
/// Each transaction also notes its number under the worker's progress. Appends form one chain over
/// all workers: each reads the chain's length, which makes it a hot key, and writes it plus one.
final class CrashWorkload {
    static final int WORKERS = 8;
    static final byte[] CHAIN = new KeyWriter('h').toBytes();
    static final byte[] COUNTER = new KeyWriter('c').toBytes();
    static final byte[] LOG = new KeyWriter('l').toBytes();
    static final byte[] SLOTS = new KeyWriter('s').toBytes();

    private static final int SLOT_COUNT = 24;
    private static final int VALUE_BYTES_MAX = 1500;

    private enum Kind {
        PUT,
        DELETE,
        DELETE_RANGE,
        APPEND,
        COUNT
    }

    private final Kind kind;
    private final int worker;
    private final long number;
    private final int slot;
    private final int slotEnd;
    private final byte[] value;

    CrashWorkload(long seed, int worker, long number) {
        SplittableRandom random = new SplittableRandom(seed * 31 + worker + number * 1_000_003);
        this.worker = worker;
        this.number = number;
        kind = Kind.values()[random.nextInt(Kind.values().length)];
        slot = random.nextInt(SLOT_COUNT);
        slotEnd = slot + 1 + random.nextInt(4);
        value = new byte[random.nextInt(VALUE_BYTES_MAX)];
        random.nextBytes(value);
    }

    /// What the workers made of the store when each came to its number.
    record Expected(Map<String, byte[]> slots, long counter, long appends) {}

    static Expected expect(long seed, long[] progress) {
        Map<String, byte[]> slots = new TreeMap<>();
        long counter = 0;
        long appends = 0;
        for (int worker = 0; worker < WORKERS; worker++) {
            for (long number = 1; number <= progress[worker]; number++) {
                CrashWorkload step = new CrashWorkload(seed, worker, number);
                switch (step.kind) {
                    case PUT -> slots.put(text(step.slotKey(step.slot)), step.value);
                    case DELETE -> slots.remove(text(step.slotKey(step.slot)));
                    case DELETE_RANGE -> {
                        for (int slot = step.slot; slot < step.slotEnd; slot++) {
                            slots.remove(text(step.slotKey(slot)));
                        }
                    }
                    case APPEND -> appends++;
                    case COUNT -> counter += step.slot;
                }
            }
        }
        return new Expected(slots, counter, appends);
    }

    boolean appends() {
        return kind == Kind.APPEND;
    }

    int apply(Transaction tx) {
        switch (kind) {
            case PUT -> tx.put(slotKey(slot), value);
            case DELETE -> tx.delete(slotKey(slot));
            case DELETE_RANGE -> tx.deleteRange(slotKey(slot), slotKey(slotEnd));
            case APPEND -> append(tx);
            case COUNT -> tx.add(COUNTER, slot);
        }
        tx.put(progressKey(worker), Bytes.counter(number));
        return worker;
    }

    static byte[] progressKey(int worker) {
        return new KeyWriter('p').uint8(worker).toBytes();
    }

    static long progress(Snapshot snapshot, int worker) {
        return Bytes.counter(snapshot.get(progressKey(worker)));
    }

    static long chain(Snapshot snapshot) {
        return Bytes.counter(snapshot.get(CHAIN));
    }

    static String text(byte[] key) {
        return HistoryModel.text(key);
    }

    private void append(Transaction tx) {
        long length = chain(tx) + 1;
        tx.put(CHAIN, Bytes.counter(length));
        KeyWriter key = new KeyWriter('l').stamp();
        byte[] entry = new KeyWriter('e').uint64(length).uint8(worker).uint64(number).toBytes();
        tx.putStamped(key.toBytes(), key.stampOffset(), entry, Transaction.NO_STAMP);
    }

    private byte[] slotKey(int slot) {
        return new KeyWriter('s').uint8(worker).uint8(slot).toBytes();
    }
}
