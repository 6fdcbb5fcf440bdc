package io.millrace.service.logs.filter;

/// The text of a pattern, read from left to right.
final class PatternText {
    private final String text;
    private int offset;

    PatternText(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return offset == text.length();
    }

    /// The next character; 0 at the end.
    char peek() {
        return atEnd() ? 0 : text.charAt(offset);
    }

    char next() {
        if (atEnd()) {
            throw FilterPatternException.invalid();
        }
        return text.charAt(offset++);
    }

    void skipSpace() {
        while (!atEnd() && Character.isWhitespace(peek())) {
            offset++;
        }
    }

    /// Whether `token` is next, which is then behind.
    boolean take(String token) {
        if (text.startsWith(token, offset)) {
            offset += token.length();
            return true;
        }
        return false;
    }

    /// As [#take], for a word in any case, which must end there.
    boolean takeWord(String word) {
        int end = offset + word.length();
        if (!text.regionMatches(true, offset, word, 0, word.length())
                || (end < text.length() && isName(text.charAt(end)))) {
            return false;
        }
        offset = end;
        return true;
    }

    /// The characters up to the first that is none of a bare term: white space, a delimiter or the
    /// end.
    String bare(String delimiters) {
        int from = offset;
        while (!atEnd() && !Character.isWhitespace(peek()) && delimiters.indexOf(peek()) < 0) {
            offset++;
        }
        return text.substring(from, offset);
    }

    /// Letters, digits, `_` and `-`; may be empty.
    String name() {
        int from = offset;
        while (!atEnd() && isName(peek())) {
            offset++;
        }
        return text.substring(from, offset);
    }

    /// What stands between this quote and the next of its kind; `\` escapes.
    String quoted(char quote) {
        StringBuilder value = new StringBuilder();
        next();
        while (peek() != quote) { // ends: next() throws at the end
            char c = next();
            value.append(c == '\\' && (peek() == quote || peek() == '\\') ? next() : c);
        }
        next();
        return value.toString();
    }

    /// What stands between this `%` and the next.
    String regex() {
        next();
        int from = offset;
        while (peek() != '%') { // ends: next() throws at the end
            next();
        }
        return text.substring(from, offset++);
    }

    private static boolean isName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }
}
