package io.millrace.wire;

import java.util.HexFormat;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Makes identifiers from the randomness that it is given. As thread-safe as that.
public final class Ids {
    private static final String BASE_32 = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    private static final int REQUEST_ID_LENGTH = 52;
    private static final int CHARACTERS_A_LONG = 12;

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

    /// 52 characters as DynamoDB identifies requests: 256 random bits, five to a character.
    public String requestId() {
        StringBuilder id = new StringBuilder(REQUEST_ID_LENGTH);
        long bits = 0;
        for (int i = 0; i < REQUEST_ID_LENGTH; i++) {
            bits = i % CHARACTERS_A_LONG == 0 ? random.nextLong() : bits >>> 5;
            id.append(BASE_32.charAt((int) (bits & 31)));
        }
        return id.toString();
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
