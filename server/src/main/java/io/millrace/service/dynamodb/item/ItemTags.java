package io.millrace.service.dynamodb.item;

/// The tag bytes of values in the [ItemCodec]. Never reused for something else.
final class ItemTags {

    static final int STRING = 1;

    /// A number that is a `long`, as a zigzag varint.
    static final int INTEGER = 2;

    /// Any other number, as its normal text.
    static final int DECIMAL = 3;

    static final int BINARY = 4;
    static final int STRING_SET = 5;
    static final int NUMBER_SET = 6;
    static final int BINARY_SET = 7;
    static final int MAP = 8;
    static final int LIST = 9;
    static final int NULL = 10;
    static final int TRUE = 11;
    static final int FALSE = 12;

    private ItemTags() {}
}
