package io.millrace.wire;

import java.util.HexFormat;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Makes identifiers from the randomness that it is given. As thread-safe as that.
public final class Ids {
    private final RandomGenerator random;

    public Ids(RandomGenerator random) {
        this.random = random;
    }

    /// A random UUID, version 4, in lower case with hyphens.
    public String uuid() {
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
        return new UUID(high, low).toString();
    }

    /// Random hexadecimal digits in lower case.
    public String hex(int digitCount) {
        byte[] bytes = new byte[(digitCount + 1) / 2];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes).substring(0, digitCount);
    }

    /// A random number that is not negative: the internal id of a resource, short in keys and never
    /// used twice.
    public long number() {
        return random.nextLong() >>> 1;
    }
}
