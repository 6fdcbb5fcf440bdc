package io.millrace.service.sqs;

/// Where a message stands in its queue, and its name for life: the commit sequence number of the
/// transaction that sent it, and an ordinal inside that transaction.
///
/// @param ordinal at most [#ORDINAL_BITS] bits
record Position(long stamp, int ordinal) {

    /// So many that the sequence number of a FIFO queue still has 20 digits after years.
    static final int ORDINAL_BITS = 22;

    /// The first place behind it.
    Position next() {
        return new Position(stamp, ordinal + 1);
    }

    /// The `SequenceNumber` of a FIFO queue: 20 digits, growing with the position.
    String sequenceNumber() {
        // 2^44 commits times 2^22 ordinals are below 10^20; a long holds the unsigned product
        String digits = Long.toUnsignedString(stamp << ORDINAL_BITS | ordinal);
        return "0".repeat(SqsLimits.SEQUENCE_NUMBER_DIGITS - digits.length()) + digits;
    }
}
