package io.millrace.trace;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Many hops in few bytes: each text stands once, and hops name texts by their number.
///
/// Layout: the texts' count, and each with its length; the hops' count, and for each: id, link + 1
/// or 0, milliseconds, kind, by, to + 1 or 0, the details' count, and their names and values. All
/// numbers are of variable length, seven bits to a byte, the lowest first.
final class TraceBlock {
    private static final int BYTES_INITIAL = 1024;
    private static final int NUMBER_BYTES_MAX = 10;

    /// A block, and how many hops it has.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Encoded(byte[] bytes, int count) {}

    private TraceBlock() {}

    /// A block of the first hops, as many as it takes: at least one.
    static Encoded encode(List<Hop> hops) {
        Writer writer = new Writer();
        int count = 0;
        while (count < hops.size()
                && count < TraceLimits.BLOCK_HOPS_MAX
                && writer.length() <= TraceLimits.BLOCK_BYTES_MAX) {
            writer.hop(hops.get(count));
            count++;
        }
        return new Encoded(writer.toBytes(count), count);
    }

    static List<Hop> decode(byte[] bytes) {
        Reader reader = new Reader(bytes);
        String[] texts = new String[(int) reader.number()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = reader.text();
        }
        int count = (int) reader.number();
        List<Hop> hops = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hops.add(hop(reader, texts));
        }
        return hops;
    }

    private static Hop hop(Reader reader, String[] texts) {
        String id = texts[(int) reader.number()];
        String link = orNull(reader, texts);
        long millis = reader.number();
        Hop.Kind kind = Hop.Kind.valueOf(texts[(int) reader.number()]);
        String by = texts[(int) reader.number()];
        String to = orNull(reader, texts);
        Map<String, String> details = new LinkedHashMap<>();
        for (long left = reader.number(); left > 0; left--) {
            String name = texts[(int) reader.number()];
            details.put(name, texts[(int) reader.number()]);
        }
        return new Hop(id, link, millis, kind, by, to, details);
    }

    private static @Nullable String orNull(Reader reader, String[] texts) {
        int number = (int) reader.number();
        return number == 0 ? null : texts[number - 1];
    }

    private static final class Out {
        private byte[] bytes;
        private int length;

        Out(int bytesInitial) {
            bytes = new byte[bytesInitial];
        }

        void number(long value) {
            reserve(NUMBER_BYTES_MAX);
            long left = value;
            while ((left & ~0x7fL) != 0) {
                bytes[length++] = (byte) ((left & 0x7f) | 0x80);
                left >>>= 7;
            }
            bytes[length++] = (byte) left;
        }

        void bytes(byte[] source, int count) {
            reserve(count);
            System.arraycopy(source, 0, bytes, length, count);
            length += count;
        }

        private void reserve(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
            }
        }
    }

    private static final class Writer {
        private final Map<String, Integer> numbers = new HashMap<>();
        private final Out texts = new Out(BYTES_INITIAL);
        private final Out hops = new Out(BYTES_INITIAL);

        /// The hop before: what is the same there needs no search.
        private @Nullable Hop last;

        private int lastId;
        private int lastBy;

        void hop(Hop hop) {
            Hop before = last;
            lastId = before != null && before.id().equals(hop.id()) ? lastId : text(hop.id());
            lastBy = before != null && before.by().equals(hop.by()) ? lastBy : text(hop.by());
            last = hop;
            hops.number(lastId);
            String link = hop.link();
            hops.number(link == null ? 0 : text(link) + 1L);
            hops.number(hop.millis());
            hops.number(text(hop.kind().name()));
            hops.number(lastBy);
            String to = hop.to();
            hops.number(to == null ? 0 : text(to) + 1L);
            hops.number(hop.details().size());
            hop.details()
                    .forEach((name, value) -> {
                        hops.number(text(name));
                        hops.number(text(cut(value)));
                    });
        }

        int length() {
            return texts.length + hops.length;
        }

        byte[] toBytes(int count) {
            Out all = new Out(texts.length + hops.length + 16);
            all.number(numbers.size());
            all.bytes(texts.bytes, texts.length);
            all.number(count);
            all.bytes(hops.bytes, hops.length);
            return Arrays.copyOf(all.bytes, all.length);
        }

        private int text(String text) {
            Integer known = numbers.get(text);
            if (known != null) {
                return known;
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            texts.number(bytes.length);
            texts.bytes(bytes, bytes.length);
            numbers.put(text, numbers.size());
            return numbers.size() - 1;
        }

        private static String cut(String text) {
            return text.length() <= TraceLimits.DETAIL_CHARS_MAX
                    ? text
                    : text.substring(0, TraceLimits.DETAIL_CHARS_MAX)
                            + "… ("
                            + text.length()
                            + " characters)";
        }
    }

    private static final class Reader {
        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        long number() {
            long value = 0;
            for (int shift = 0; ; shift += 7) { // ends at a byte without the highest bit
                byte b = bytes[at++];
                value |= (b & 0x7fL) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }

        String text() {
            int length = (int) number();
            String text = new String(bytes, at, length, StandardCharsets.UTF_8);
            at += length;
            return text;
        }
    }
}
