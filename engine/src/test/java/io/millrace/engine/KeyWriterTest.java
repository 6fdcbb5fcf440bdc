package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Keys of strings of any length, with and without zeroes, among other parts.
final class KeyWriterTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void partsAreReadBackAndKeepTheirOrder(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 10_000; round++) {
            String first = text(random);
            String second = text(random);
            int number = random.nextInt(3);

            byte[] key = key(first, number);

            KeyReader reader = new KeyReader(key);
            assertThat(reader.string()).isEqualTo(first);
            assertThat(reader.uint32()).isEqualTo(number);
            assertThat(Integer.signum(Arrays.compareUnsigned(key, key(second, 1))))
                    .isEqualTo(
                            first.equals(second)
                                    ? Integer.signum(number - 1)
                                    : Integer.signum(first.compareTo(second)));
        }
    }

    private static byte[] key(String text, int number) {
        return new KeyWriter(1).string(text).uint32(number).toBytes();
    }

    private static String text(SplittableRandom random) {
        int length = random.nextInt(10) == 0 ? random.nextInt(200) : random.nextInt(3);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(random.nextBoolean() ? 2 : 128));
        }
        return text.toString();
    }
}
