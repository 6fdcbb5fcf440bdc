package io.millrace.service.dynamodb;

import io.millrace.api.codec.JsonShapeReader;
import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.PutRequest;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/// DynamoDB JSON: on each line `{"Item": …}`.
final class JsonItems implements ItemSource {
    static final int BUFFER_BYTES = 64 * 1024;

    /// An item of the largest size, with every character escaped.
    private static final int LINE_BYTES_MAX = 8 * 1024 * 1024;

    private final InputStream in;

    JsonItems(InputStream in) {
        this.in = in;
    }

    @Override
    public @Nullable Read next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        while (true) { // ends with a line that is not blank, or the object
            int b = in.read();
            if (b != '\n' && b >= 0) {
                tooLong |= line.size() == LINE_BYTES_MAX;
                if (!tooLong) {
                    line.write(b);
                }
                continue;
            }
            if (tooLong) {
                return new Malformed("Item size has exceeded the maximum allowed size");
            }
            byte[] json = line.toByteArray();
            if (!isBlank(json)) {
                return parse(json);
            }
            if (b < 0) {
                return null;
            }
            line.reset();
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private static Read parse(byte[] json) {
        Map<String, AttributeValue> item;
        try {
            item = JsonShapeReader.read(json, PutRequest.SCHEMA).item();
        } catch (RuntimeException e) { // the codec's, whatever is wrong
            return new Malformed(String.valueOf(e.getMessage()));
        }
        return item == null ? new Malformed("no Item on the line") : new Found(item);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
