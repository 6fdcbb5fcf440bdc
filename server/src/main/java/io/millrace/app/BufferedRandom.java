package io.millrace.app;

import io.millrace.engine.Bytes;

import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// Random numbers of a source that is slow to ask, fetched many at a time. As good as the source;
/// none is given out twice. Thread-safe.
final class BufferedRandom implements RandomGenerator {
    private static final int NUMBERS = 512;

    private final RandomGenerator source;
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] numbers = new byte[NUMBERS * Long.BYTES];
    private int used = numbers.length;

    BufferedRandom(RandomGenerator source) {
        this.source = source;
    }

    @Override
    public long nextLong() {
        lock.lock();
        try {
            if (used == numbers.length) {
                source.nextBytes(numbers);
                used = 0;
            }
            long number = Bytes.readLong(numbers, used);
            Bytes.writeLong(numbers, used, 0); // given out once
            used += Long.BYTES;
            return number;
        } finally {
            lock.unlock();
        }
    }
}
