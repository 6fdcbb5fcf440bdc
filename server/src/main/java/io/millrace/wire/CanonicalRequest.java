package io.millrace.wire;

import io.millrace.http.Request;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/// The text that a signature covers: method, path, query, the signed headers and the body's hash,
/// each in one agreed spelling.
final class CanonicalRequest {
    static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    private CanonicalRequest() {}

    static String of(Request request, List<String> signedHeaders, String payloadHash) {
        StringBuilder text = new StringBuilder(512);
        text.append(request.method()).append('\n');
        text.append(path(request.path())).append('\n');
        text.append(query(request.query())).append('\n');
        for (String name : signedHeaders) {
            text.append(name).append(':');
            String separator = "";
            for (String value : request.headers().all(name)) {
                text.append(separator);
                appendCollapsed(text, value);
                separator = ",";
            }
            text.append('\n');
        }
        text.append('\n').append(String.join(";", signedHeaders)).append('\n');
        return text.append(payloadHash).toString();
    }

    /// The path as it was sent, without dot segments and empty ones, and encoded once more.
    static String path(String path) {
        if (path.equals("/")) {
            return path;
        }
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        String normal = "/" + String.join("/", segments);
        boolean folder = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
        return QueryString.encode(folder && normal.length() > 1 ? normal + "/" : normal, "/");
    }

    /// The parameters, encoded strictly and sorted, without the signature.
    static String query(String query) {
        if (query.isEmpty()) {
            return "";
        }
        return String.join(
                "&",
                QueryString.pairs(query).stream()
                        .filter(pair -> !pair[0].equals("X-Amz-Signature"))
                        .map(pair ->
                                new String[] {
                                    QueryString.encode(pair[0], ""), QueryString.encode(pair[1], "")
                                })
                        .sorted(
                                Comparator.comparing((String[] pair) -> pair[0])
                                        .thenComparing(pair -> pair[1]))
                        .map(pair -> pair[0] + "=" + pair[1])
                        .toList());
    }

    /// Without spaces at the ends, and with one where there were several.
    private static void appendCollapsed(StringBuilder text, String value) {
        String stripped = value.strip();
        char previous = 0;
        for (int i = 0; i < stripped.length(); i++) {
            char c = stripped.charAt(i);
            char next = Character.isWhitespace(c) ? ' ' : c;
            if (next != ' ' || previous != ' ') {
                text.append(next);
            }
            previous = next;
        }
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /// Whether the two are equal, in a time that does not tell how far.
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
