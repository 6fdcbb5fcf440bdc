package io.millrace.service.logs.filter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Conditions on the fields of space-delimited events: `[ip, user, ..., status = 4*, bytes >
/// 1000]`. What stands between brackets or quotes is one field. An event matches that has as many
/// fields as the pattern names, or at least as many when it has an ellipsis.
///
/// @param head the fields from the left
/// @param tail the fields from the right; null without an ellipsis
record FieldsPattern(List<Field> head, @Nullable List<Field> tail) implements FilterPattern {
    private static final String DELIMITERS = ",()&|=<>!\"%";
    private static final int FIELDS_MAX = 100_000;

    /// @param name empty for a field without one
    record Field(String name, @Nullable Predicate<String> condition) {

        boolean test(String value) {
            return condition == null || condition.test(value);
        }
    }

    static FieldsPattern parse(PatternText text) {
        int[] regexes = {0};
        List<Field> head = new ArrayList<>();
        List<Field> tail = null;
        do { // ends: each turn reads a comma
            text.skipSpace();
            if (text.take("...")) {
                if (tail != null) {
                    throw FilterPatternException.invalid();
                }
                tail = new ArrayList<>();
            } else {
                (tail == null ? head : tail).add(field(text, regexes));
            }
            text.skipSpace();
        } while (text.take(","));
        if (!text.atEnd()) {
            throw FilterPatternException.invalid();
        }
        if (regexes[0] > Regex.COUNT_MAX) {
            throw FilterPatternException.tooManyRegexes(Regex.COUNT_MAX);
        }
        return new FieldsPattern(head, tail);
    }

    private static Field field(PatternText text, int[] regexes) {
        String[] name = {null};
        if (text.atEnd() || text.peek() == ',') {
            return new Field("", null);
        }
        boolean[] conditional = {false};
        Predicate<String> condition =
                Expression.parse(
                        text,
                        part -> {
                            String of = part.name();
                            if (of.isEmpty() || (name[0] != null && !name[0].equals(of))) {
                                throw FilterPatternException.invalid();
                            }
                            name[0] = of;
                            part.skipSpace();
                            if (part.atEnd() || part.peek() == ',') {
                                return _ -> true;
                            }
                            conditional[0] = true;
                            Comparison comparison = Comparison.parse(part, DELIMITERS);
                            regexes[0] += comparison.usesRegex() ? 1 : 0;
                            return comparison::test;
                        });
        return new Field(name[0] == null ? "" : name[0], conditional[0] ? condition : null);
    }

    @Override
    public boolean matches(String message) {
        List<String> values = fields(message);
        int tailSize = tail == null ? 0 : tail.size();
        int size = head.size() + tailSize;
        if (tail == null ? values.size() != size : values.size() < size) {
            return false;
        }
        return test(head, values.subList(0, head.size()))
                && (tail == null
                        || test(tail, values.subList(values.size() - tailSize, values.size())));
    }

    private static boolean test(List<Field> fields, List<String> values) {
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.get(i).test(values.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Map<String, String> extract(String message) {
        List<String> values = fields(message);
        int tailFrom = tail == null ? values.size() : values.size() - tail.size();
        Map<String, String> extracted = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            String name = "";
            if (i < head.size()) {
                name = head.get(i).name();
            } else if (tail != null && i >= tailFrom) {
                name = tail.get(i - tailFrom).name();
            }
            extracted.put("$" + (name.isEmpty() ? String.valueOf(i + 1) : name), values.get(i));
        }
        return extracted;
    }

    private static List<String> fields(String message) {
        List<String> fields = new ArrayList<>();
        int lastBracket = message.lastIndexOf(']'); // nothing is searched for in vain
        int lastQuote = message.lastIndexOf('"');
        int offset = 0;
        while (offset < message.length() && fields.size() < FIELDS_MAX) {
            char c = message.charAt(offset);
            if (Character.isWhitespace(c)) {
                offset++;
                continue;
            }
            int end = -1;
            if (c == '[' && offset < lastBracket) {
                end = message.indexOf(']', offset + 1);
            } else if (c == '"' && offset < lastQuote) {
                end = message.indexOf('"', offset + 1);
            }
            if (end >= 0) {
                fields.add(message.substring(offset + 1, end));
                offset = end + 1;
            } else {
                int from = offset;
                while (offset < message.length()
                        && !Character.isWhitespace(message.charAt(offset))) {
                    offset++;
                }
                fields.add(message.substring(from, offset));
            }
        }
        return fields;
    }
}
