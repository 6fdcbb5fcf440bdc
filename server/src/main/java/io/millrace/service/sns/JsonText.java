package io.millrace.service.sns;

/// Strings in JSON, as our envelopes write them.
final class JsonText {

    /// What a character that queues refuse makes of a length.
    static final int NOT_FOR_QUEUES = -1;

    private JsonText() {}

    /// Appends a text in quotes.
    static void quote(StringBuilder out, String text) {
        out.append('"');
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\') {
                continue;
            }
            out.append(text, begin, i);
            begin = i + 1;
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default ->
                        out.append("\\u00")
                                .append(c < 0x10 ? "0" : "")
                                .append(Integer.toHexString(c));
            }
        }
        out.append(text, begin, text.length()).append('"');
    }

    /// How many bytes in UTF-8 the quoted text has, without its quotes; or [#NOT_FOR_QUEUES] when
    /// it has a character that XML 1.0 does not have, after what is escaped.
    static int length(String text) {
        int length = text.length();
        int bytes = length;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x80) {
                bytes += c == '"' || c == '\\' ? 1 : 0;
            } else if (c < ' ') {
                boolean isShort = c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f';
                bytes += isShort ? 1 : 5;
            } else if (c < 0x800) {
                bytes += 1;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < length
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 2; // four bytes for two characters
                i++;
            } else if (Character.isSurrogate(c) || c > 0xfffd) {
                return NOT_FOR_QUEUES;
            } else {
                bytes += 2;
            }
        }
        return bytes;
    }
}
