package io.millrace.api.codec;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Growing XML text, escaped. Carriage returns and other control characters become references, so
/// that a parser gives back what was put in; halves of surrogate pairs, which XML cannot hold,
/// become U+FFFD.
final class XmlText {
    private final StringBuilder text = new StringBuilder(512);

    void open(String name) {
        text.append('<').append(name).append('>');
    }

    void open(String name, String namespace) {
        text.append('<').append(name).append(" xmlns=\"").append(namespace).append("\">");
    }

    void close(String name) {
        text.append("</").append(name).append('>');
    }

    void empty(String name) {
        text.append('<').append(name).append("/>");
    }

    void element(String name, String value) {
        open(name);
        escape(value);
        close(name);
    }

    byte[] toByteArray() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void escape(String value) {
        int plain = 0;
        for (int i = 0; i < value.length(); i++) {
            String replacement = replacement(value, i);
            if (replacement != null) {
                text.append(value, plain, i).append(replacement);
                plain = i + 1;
            }
        }
        text.append(value, plain, value.length());
    }

    private static @Nullable String replacement(String value, int index) {
        char c = value.charAt(index);
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\n', '\t' -> null;
            case '\uFFFE', '\uFFFF' -> "\uFFFD";
            default -> {
                if (c < ' ' || (c >= 0x7f && c <= 0x9f)) {
                    yield "&#x" + Integer.toHexString(c).toUpperCase(Locale.ROOT) + ";";
                }
                yield isHalf(value, index) ? "\uFFFD" : null;
            }
        };
    }

    private static boolean isHalf(String value, int index) {
        char c = value.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 == value.length()
                    || !Character.isLowSurrogate(value.charAt(index + 1));
        }
        return Character.isLowSurrogate(c)
                && (index == 0 || !Character.isHighSurrogate(value.charAt(index - 1)));
    }
}
