package io.millrace.pattern;

import java.util.LinkedHashMap;
import java.util.Map;

/// Reads through valid JSON without building anything. For one thread.
public final class JsonPathText {
    private final String json;
    private int at;

    JsonPathText(String json) {
        this.json = json;
    }

    /// The next character that is not white space.
    char peek() {
        while (json.charAt(at) <= ' ') {
            at++;
        }
        return json.charAt(at);
    }

    void take() {
        peek();
        at++;
    }

    /// Takes a member's name and the colon behind it.
    String name() {
        String quoted = value();
        take();
        return unquote(quoted);
    }

    /// Takes a value and tells its text.
    String value() {
        char first = peek();
        int from = at;
        if (first == '"') {
            skipString();
        } else if (first == '{' || first == '[') {
            skipNested();
        } else {
            while (at < json.length() && ",]} \t\r\n".indexOf(json.charAt(at)) < 0) {
                at++;
            }
        }
        return json.substring(from, at);
    }

    private void skipString() {
        at = closing(json, at + 1) + 1;
    }

    /// Where the string ends whose content begins at `from`; the end of all when nowhere.
    private static int closing(String json, int from) {
        int quote = json.indexOf('"', from);
        while (quote >= 0 && isEscaped(json, from, quote)) { // ends: each turn is further on
            quote = json.indexOf('"', quote + 1);
        }
        return quote < 0 ? json.length() : quote;
    }

    private static boolean isEscaped(String json, int from, int quote) {
        int backslash = quote;
        while (backslash > from && json.charAt(backslash - 1) == '\\') {
            backslash--;
        }
        return (quote - backslash) % 2 != 0;
    }

    private void skipNested() {
        int depth = 0;
        do {
            char c = json.charAt(at);
            if (c == '"') {
                skipString();
                continue;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            at++;
        } while (depth > 0);
    }

    /// The members of an object that is valid JSON, each with the text of its value.
    public static Map<String, String> members(String object) {
        Map<String, String> members = new LinkedHashMap<>();
        JsonPathText text = new JsonPathText(object);
        text.take();
        while (text.peek() != '}') {
            String name = text.name();
            members.put(name, text.value());
            if (text.peek() == ',') {
                text.take();
            }
        }
        return members;
    }

    /// The string that a JSON string stands for.
    public static String unquote(String quoted) {
        String inside = quoted.substring(1, quoted.length() - 1);
        if (inside.indexOf('\\') < 0) {
            return inside;
        }
        StringBuilder text = new StringBuilder(inside.length());
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = inside.charAt(++i);
            switch (escape) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'u' -> {
                    text.append((char) Integer.parseInt(inside, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> text.append(escape);
            }
        }
        return text.toString();
    }

    /// A string as JSON, with its quotes.
    public static String quote(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"').toString();
    }

    /// The same JSON without white space between its tokens; spelling and order are kept.
    public static String compact(String json) {
        StringBuilder compact = null; // as long as there is no white space
        int from = 0; // what is not yet copied
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '"') {
                i = closing(json, i + 1);
            } else if (c <= ' ') {
                compact = compact == null ? new StringBuilder(json.length()) : compact;
                compact.append(json, from, i);
                from = i + 1;
            }
        }
        return compact == null ? json : compact.append(json, from, json.length()).toString();
    }

    /// JSON as it can stand inside a string: escapes stay, except those of quotes.
    public static String withoutQuotes(String json) {
        StringBuilder text = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '\\' && json.charAt(i + 1) != '"') {
                text.append(c).append(json.charAt(++i));
            } else if (c != '\\' && c != '"') {
                text.append(c);
            }
        }
        return text.toString();
    }
}
