package io.millrace.http;

/// A request's body.
///
/// @param raw as it came, which is what a signature covers
/// @param content after decompression; the same array where there was none
public record Body(byte[] raw, byte[] content) {
    private static final byte[] NOTHING = {};

    /// No body.
    public static final Body EMPTY = new Body(NOTHING, NOTHING);
}
