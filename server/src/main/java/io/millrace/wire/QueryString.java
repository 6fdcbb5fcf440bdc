package io.millrace.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Percent-encoding, as URLs, forms and signatures have it.
public final class QueryString {
    private static final String UNRESERVED = "-._~";
    private static final String HEX = "0123456789ABCDEF";

    private QueryString() {}

    /// The parameters of a query string or a form, decoded, of equal names the last one.
    public static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String[] pair : pairs(text)) {
            parameters.put(pair[0], pair[1]);
        }
        return parameters;
    }

    /// Names and values, decoded, in the order in which they came.
    static List<String[]> pairs(String text) {
        List<String[]> pairs = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int ampersand = text.indexOf('&', from);
            int to = ampersand < 0 ? text.length() : ampersand;
            if (to > from) {
                int equals = text.indexOf('=', from);
                boolean named = equals >= 0 && equals < to;
                String name = decode(text, from, named ? equals : to);
                pairs.add(new String[] {name, named ? decode(text, equals + 1, to) : ""});
            }
            from = to + 1;
        }
        return pairs;
    }

    /// A segment of a path, in which a plus is a plus.
    ///
    /// @throws ServiceException when the escapes are broken
    static String decodePath(String segment) {
        String text = segment.replace("+", "%2B");
        return decode(text, 0, text.length());
    }

    /// @throws ServiceException when the escapes are broken
    private static String decode(String text, int from, int to) {
        int escape = from;
        while (escape < to && text.charAt(escape) != '%' && text.charAt(escape) != '+') {
            escape++;
        }
        if (escape == to) {
            return text.substring(from, to);
        }
        byte[] source = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            byte b = source[i];
            if (b == '%') {
                decoded[length++] = (byte) (digit(source, i + 1) << 4 | digit(source, i + 2));
                i += 2;
            } else {
                decoded[length++] = b == '+' ? (byte) ' ' : b;
            }
        }
        return new String(Arrays.copyOf(decoded, length), StandardCharsets.UTF_8);
    }

    private static int digit(byte[] source, int index) {
        int digit = index < source.length ? Character.digit((char) source[index], 16) : -1;
        if (digit < 0) {
            throw CommonErrors.serialization("Invalid percent-encoding in the request.");
        }
        return digit;
    }

    /// Encodes everything but letters, digits, `-._~` and the characters in `kept`.
    static String encode(String text, String kept) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || UNRESERVED.indexOf(c) >= 0
                    || kept.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
            }
        }
        return encoded.toString();
    }
}
