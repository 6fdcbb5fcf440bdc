package io.millrace.service.dynamodb;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.zstd.ZstdInputStream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The content of an object that is compressed with Zstandard; one that is not fails as broken
/// streams do.
final class ZstdObject extends FilterInputStream {

    ZstdObject(InputStream object) {
        super(new ZstdInputStream(object));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (MalformedInputException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
