package io.millrace.delivery;

/// The characters that queues take: those of [XML 1.0](https://www.w3.org/TR/REC-xml/#charsets).
public final class XmlText {

    private XmlText() {}

    /// Whether all characters of a text are such.
    public static boolean is(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                if (i + 1 == length || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            } else if (c < ' ' ? c != '\t' && c != '\n' && c != '\r' : c > 0xfffd || isLow(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLow(char c) {
        return Character.isLowSurrogate(c);
    }
}
