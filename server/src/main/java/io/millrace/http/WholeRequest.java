package io.millrace.http;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads the head of a request whose bytes came all at once, with nothing behind them, as most do:
/// such a one can be refused without the library, and the next one begins where it ends. Whatever
/// is out of the ordinary is left to the library.
final class WholeRequest {
    private static final String END_OF_LINE = "\r\n";
    private static final String VERSION = " HTTP/1.1";
    private static final int LENGTH_DIGITS_MAX = 9;

    private WholeRequest() {}

    /// The request, whose body is not to be read; null when the bytes are anything else.
    static @Nullable Request of(byte[] bytes, String remoteAddress) {
        int end = headEnd(bytes);
        if (end <= 0) {
            return null;
        }
        String head = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        int lineEnd = head.indexOf(END_OF_LINE);
        String first = head.substring(0, lineEnd);
        Map<String, List<String>> headers = new HashMap<>();
        while (lineEnd + 2 < end) { // ends with the head, of which each turn takes a line
            int begin = lineEnd + 2;
            lineEnd = head.indexOf(END_OF_LINE, begin);
            int colon = head.indexOf(':', begin);
            if (colon <= begin
                    || colon > lineEnd
                    || head.charAt(begin) <= ' '
                    || head.charAt(colon - 1) <= ' ') {
                return null;
            }
            headers.computeIfAbsent(
                            head.substring(begin, colon).toLowerCase(Locale.ROOT),
                            _ -> new ArrayList<>(1))
                    .add(head.substring(colon + 1, lineEnd).strip());
        }
        return bodyBytes(headers) == bytes.length - end - END_OF_LINE.length()
                ? request(first, headers, remoteAddress)
                : null;
    }

    /// Where the empty line begins; -1 when there is none, or a control character before it.
    private static int headEnd(byte[] bytes) {
        boolean empty = true;
        for (int i = 0; i + 1 < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\r' && bytes[i + 1] == '\n') {
                if (empty) {
                    return i;
                }
                empty = true;
                i++;
            } else if (b >= 0 && b < ' ' && b != '\t') {
                return -1;
            } else {
                empty = false;
            }
        }
        return -1;
    }

    /// The length of the body; -1 when the head does not just say it, or wants more than an answer.
    private static int bodyBytes(Map<String, List<String>> headers) {
        if (headers.containsKey("transfer-encoding")
                || headers.containsKey("expect")
                || headers.containsKey("upgrade")
                || !headers.containsKey("host")
                || !headers.getOrDefault("connection", List.of("keep-alive")).stream()
                        .allMatch("keep-alive"::equalsIgnoreCase)) {
            return -1;
        }
        List<String> lengths = headers.getOrDefault("content-length", List.of("0"));
        String length = lengths.getFirst();
        return lengths.size() == 1
                        && !length.isEmpty()
                        && length.length() <= LENGTH_DIGITS_MAX
                        && length.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Integer.parseInt(length)
                : -1;
    }

    private static @Nullable Request request(
            String line, Map<String, List<String>> headers, String remoteAddress) {
        int space = line.indexOf(' ');
        int targetEnd = line.length() - VERSION.length();
        if (space <= 0
                || line.startsWith("HEAD ") // its answer has no body
                || !line.endsWith(VERSION)
                || line.indexOf(' ', space + 1) != targetEnd
                || line.charAt(space + 1) != '/') {
            return null;
        }
        int question = line.indexOf('?', space);
        return new Request(
                line.substring(0, space),
                line.substring(space + 1, question < 0 ? targetEnd : question),
                question < 0 ? "" : line.substring(question + 1, targetEnd),
                name -> headers.getOrDefault(name, List.of()),
                remoteAddress,
                InputStream::nullInputStream);
    }
}
