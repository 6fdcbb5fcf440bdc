package io.millrace.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

final class BufferedRandomTest {

    @Test
    void givesOutEachNumberOfItsSourceOnce() {
        BufferedRandom random = new BufferedRandom(new Random(1));
        byte[] source = new byte[16 << 10];
        new Random(1).nextBytes(source);

        Set<Long> numbers = new HashSet<>();
        for (int i = 0; i < source.length / Long.BYTES; i++) {
            long number = random.nextLong();
            long expected = 0;
            for (int j = 0; j < Long.BYTES; j++) {
                expected = expected << 8 | (source[i * Long.BYTES + j] & 0xff);
            }
            assertThat(number).isEqualTo(expected);
            numbers.add(number);
        }

        assertThat(numbers).hasSize(source.length / Long.BYTES);
    }

    @Test
    void givesThreadsDifferentNumbers() {
        BufferedRandom random = new BufferedRandom(new Random(2));
        Set<Long> numbers = ConcurrentHashMap.newKeySet();

        LongStream.range(0, 20_000).parallel().forEach(_ -> numbers.add(random.nextLong()));

        assertThat(numbers).hasSize(20_000);
    }
}
