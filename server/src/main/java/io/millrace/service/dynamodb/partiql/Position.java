package io.millrace.service.dynamodb.partiql;

/// Where a token stands in a statement. Lines and columns begin at 1.
///
/// @param length of the token, in characters
record Position(int line, int column, int length) {

    /// As messages end with it: `1:11:1`.
    @Override
    public String toString() {
        return line + ":" + column + ":" + length;
    }
}
