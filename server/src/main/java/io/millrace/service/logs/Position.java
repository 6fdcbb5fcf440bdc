package io.millrace.service.logs;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;

/// Where an event stands among those of its group: by its timestamp, then in commit order, then in
/// the order of its batch. In text it is a number of 56 digits in the same order, as AWS's event
/// ids are.
///
/// @param stamp the commit sequence number
/// @param ordinal tells the events of one transaction apart; unsigned
record Position(long timestampMillis, long stamp, int ordinal) implements Comparable<Position> {

    static final Position FIRST = new Position(0, 0, 0);

    private static final int DIGITS = 56;
    private static final int SPARE_BITS = 48;

    /// In the year 2109; what 56 digits can tell.
    private static final long TIMESTAMP_MAX = (1L << 42) - 1;

    /// The first position of this time.
    static Position at(long timestampMillis) {
        return new Position(Math.min(timestampMillis, TIMESTAMP_MAX), 0, 0);
    }

    /// Null when it is not the text of a position.
    static @Nullable Position parse(String text) {
        if (text.length() != DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        BigInteger number = new BigInteger(text).shiftRight(SPARE_BITS);
        BigInteger time = number.shiftRight(Long.SIZE + Integer.SIZE);
        return time.longValue() <= TIMESTAMP_MAX ? of(number) : null;
    }

    String text() {
        String digits = number().shiftLeft(SPARE_BITS).toString();
        return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }

    Position next() {
        return of(number().add(BigInteger.ONE));
    }

    /// The first position is before itself.
    Position previous() {
        return equals(FIRST) ? this : of(number().subtract(BigInteger.ONE));
    }

    private BigInteger number() {
        return BigInteger.valueOf(timestampMillis)
                .shiftLeft(Long.SIZE)
                .add(new BigInteger(Long.toUnsignedString(stamp)))
                .shiftLeft(Integer.SIZE)
                .add(BigInteger.valueOf(Integer.toUnsignedLong(ordinal)));
    }

    private static Position of(BigInteger number) {
        return new Position(
                number.shiftRight(Long.SIZE + Integer.SIZE).longValue(),
                number.shiftRight(Integer.SIZE).longValue(),
                number.intValue());
    }

    @Override
    public int compareTo(Position other) {
        int byTime = Long.compare(timestampMillis, other.timestampMillis);
        int byStamp = byTime == 0 ? Long.compareUnsigned(stamp, other.stamp) : byTime;
        return byStamp == 0 ? Integer.compareUnsigned(ordinal, other.ordinal) : byStamp;
    }
}
