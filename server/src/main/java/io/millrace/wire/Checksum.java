package io.millrace.wire;

import java.util.zip.CRC32;

/// DynamoDB's checksum of an answer's body, as it is sent: compressed or not.
final class Checksum {
    static final String HEADER = "x-amz-crc32";

    private Checksum() {}

    static String of(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        return String.valueOf(crc.getValue());
    }
}
