package io.millrace.service.dynamodb.item;

import io.millrace.api.codec.JsonBytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// Writes the JSON of an item straight from the bytes of the [ItemCodec]: what decoding it and
/// writing its attributes gives, without the attributes.
public final class ItemJson {
    private static final byte[] STRING = prefix("S");
    private static final byte[] NUMBER = prefix("N");
    private static final byte[] BINARY = prefix("B");
    private static final byte[] STRING_SET = prefix("SS");
    private static final byte[] NUMBER_SET = prefix("NS");
    private static final byte[] BINARY_SET = prefix("BS");
    private static final byte[] MAP = prefix("M");
    private static final byte[] LIST = prefix("L");
    private static final byte[] NULL = "{\"NULL\":true}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "{\"BOOL\":true}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "{\"BOOL\":false}".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private final ItemReader reader;
    private final JsonBytes out;

    private ItemJson(byte[] bytes, int headerBytes, JsonBytes out) {
        this.bytes = bytes;
        this.reader = ItemCodec.reader(bytes, headerBytes);
        this.out = out;
    }

    /// Writes the item that stands behind a header.
    public static void write(byte[] bytes, int headerBytes, JsonBytes out) {
        ItemJson item = new ItemJson(bytes, headerBytes, out);
        item.map(0);
        item.reader.requireEnd();
    }

    private static byte[] prefix(String type) {
        return ("{\"" + type + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    private void map(int depth) {
        out.open('{');
        int count = reader.count();
        for (int i = 0; i < count; i++) {
            int length = reader.count();
            out.key(bytes, reader.skip(length), length);
            value(depth + 1);
        }
        out.close('}');
    }

    private void value(int depth) {
        if (depth > ItemRules.DEPTH_MAX) {
            throw ItemReader.corrupt();
        }
        switch (reader.uint8()) {
            case ItemTags.STRING -> string(STRING);
            case ItemTags.INTEGER -> {
                out.raw(NUMBER);
                out.raw('"');
                out.ascii(Long.toString(reader.integer()));
                out.raw('"');
                out.close('}');
            }
            case ItemTags.DECIMAL -> string(NUMBER);
            case ItemTags.BINARY -> {
                out.raw(BINARY);
                binary();
                out.close('}');
            }
            case ItemTags.STRING_SET -> array(STRING_SET, this::string);
            case ItemTags.NUMBER_SET -> array(NUMBER_SET, this::string);
            case ItemTags.BINARY_SET -> array(BINARY_SET, this::binary);
            case ItemTags.MAP -> {
                reader.documentLength();
                out.raw(MAP);
                map(depth);
                out.close('}');
            }
            case ItemTags.LIST -> {
                reader.documentLength();
                array(LIST, () -> value(depth + 1));
            }
            case ItemTags.NULL -> out.raw(NULL);
            case ItemTags.TRUE -> out.raw(TRUE);
            case ItemTags.FALSE -> out.raw(FALSE);
            default -> throw ItemReader.corrupt();
        }
    }

    private void array(byte[] prefix, Runnable element) {
        out.raw(prefix);
        out.open('[');
        int count = reader.count();
        for (int i = 0; i < count; i++) {
            out.element();
            element.run();
        }
        out.close(']');
        out.close('}');
    }

    private void string(byte[] prefix) {
        out.raw(prefix);
        string();
        out.close('}');
    }

    private void string() {
        int length = reader.count();
        out.string(bytes, reader.skip(length), length);
    }

    private void binary() {
        int length = reader.count();
        int begin = reader.skip(length);
        out.raw('"');
        out.raw(Base64.getEncoder().encode(Arrays.copyOfRange(bytes, begin, begin + length)));
        out.raw('"');
    }
}
