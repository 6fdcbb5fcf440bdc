package io.millrace.stream;

import java.util.Comparator;
import java.util.Optional;

/// A place in a shard: the commit sequence number of a transaction, and which of its records.
///
/// Its text is a decimal number of fixed length, so that the order of numbers is the order of
/// strings too: `1`, then 19 digits of the version, then 5 of the index.
public record Position(long version, int index) implements Comparable<Position> {

    /// Before everything that is still there.
    public static final Position OLDEST = new Position(0, 0);

    public static final int INDEX_MAX = 0xffff;

    private static final int VERSION_DIGITS = 19;
    private static final int INDEX_DIGITS = 5;
    private static final int DIGITS = 1 + VERSION_DIGITS + INDEX_DIGITS;
    private static final int SENT_DIGITS_MAX = 40;
    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::version).thenComparingInt(Position::index);

    public Position {
        if (version < 0 || index < 0 || index > INDEX_MAX) {
            throw new IllegalArgumentException("no position: " + version + ", " + index);
        }
    }

    /// Behind everything that a snapshot of this version shows, and before all that comes.
    public static Position behind(long version) {
        return new Position(version + 1, 0);
    }

    /// The smallest position that is greater.
    public Position next() {
        return index == INDEX_MAX ? behind(version) : new Position(version, index + 1);
    }

    /// As the API's `SequenceNumber`.
    public String sequenceNumber() {
        StringBuilder text = new StringBuilder(DIGITS).append('1');
        pad(text, Long.toString(version), VERSION_DIGITS);
        pad(text, Integer.toString(index), INDEX_DIGITS);
        return text.toString();
    }

    private static void pad(StringBuilder text, String digits, int width) {
        text.repeat('0', width - digits.length()).append(digits);
    }

    /// Empty when `text` is not a sequence number of ours.
    public static Optional<Position> parse(String text) {
        if (text.length() != DIGITS || text.charAt(0) != '1' || !isNumber(text)) {
            return Optional.empty();
        }
        int split = 1 + VERSION_DIGITS;
        int index = Integer.parseInt(text.substring(split));
        String version = text.substring(1, split);
        if (index > INDEX_MAX || version.compareTo(Long.toString(Long.MAX_VALUE)) >= 0) {
            return Optional.empty();
        }
        return Optional.of(new Position(Long.parseLong(version), index));
    }

    private static boolean isNumber(String text) {
        return text.length() <= SENT_DIGITS_MAX
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}
