package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The attributes at the top of an item that an expression names, found by its words alone: what is
/// no value, no function, no keyword and does not stand behind a dot.
final class AskedAttributes {
    private static final Set<String> KEYWORDS =
            Set.of("and", "or", "not", "between", "in", "set", "remove", "add", "delete");

    private AskedAttributes() {}

    /// @param names what stands for which attribute, as `#n`
    static Set<String> of(String expression, @Nullable Map<String, String> names) {
        Set<String> attributes = new LinkedHashSet<>();
        int at = 0;
        while (at < expression.length()) { // each turn takes at least one character
            char c = expression.charAt(at);
            if (!isWord(c) && c != '#' && c != ':') {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < expression.length() && isWord(expression.charAt(end))) {
                end++;
            }
            String word = expression.substring(at, end);
            if (isAttribute(word, before(expression, at), after(expression, end))) {
                attributes.add(names == null ? word : names.getOrDefault(word, word));
            }
            at = end;
        }
        return attributes;
    }

    private static boolean isAttribute(String word, char before, char after) {
        char first = word.charAt(0);
        return first != ':'
                && before != '.'
                && before != '['
                && after != '('
                && !KEYWORDS.contains(word.toLowerCase(Locale.ROOT));
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    private static char before(String text, int at) {
        int i = at - 1;
        while (i >= 0 && Character.isWhitespace(text.charAt(i))) {
            i--;
        }
        return i < 0 ? ' ' : text.charAt(i);
    }

    private static char after(String text, int at) {
        int i = at;
        while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
            i++;
        }
        return i == text.length() ? ' ' : text.charAt(i);
    }
}
