package io.millrace.policy;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The variables of policies: `${aws:username}`, `${aws:username, 'anonymous'}` with a default, and
/// `${*}`, `${?}`, `${$}` for these characters themselves. What replaces a variable is taken
/// literally, whatever characters it has. Source: [policy
/// variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
final class Variables {
    private static final String BEGIN = "${";

    private Variables() {}

    /// The text with its variables replaced, as a pattern of [Wildcards]; null when one of them has
    /// no value, or several, and no default.
    static @Nullable String resolve(String text, Access access) {
        int begin = text.indexOf(BEGIN);
        if (begin < 0) {
            return text;
        }
        StringBuilder resolved = new StringBuilder(text.length() + 16);
        int from = 0;
        while (begin >= 0) { // each turn begins behind the last variable
            int end = text.indexOf('}', begin);
            if (end < 0) {
                break;
            }
            String value = value(text.substring(begin + BEGIN.length(), end), access);
            if (value == null) {
                return null;
            }
            resolved.append(text, from, begin).append(Wildcards.literal(value));
            from = end + 1;
            begin = text.indexOf(BEGIN, from);
        }
        return resolved.append(text, from, text.length()).toString();
    }

    private static @Nullable String value(String variable, Access access) {
        if (variable.length() == 1 && "*?$".contains(variable)) {
            return variable;
        }
        int comma = variable.indexOf(',');
        String key = (comma < 0 ? variable : variable.substring(0, comma)).strip();
        List<String> values = access.values(key);
        if (values.size() == 1) {
            return values.getFirst();
        }
        if (comma < 0 || !values.isEmpty()) {
            return null;
        }
        String quoted = variable.substring(comma + 1).strip();
        boolean isQuoted = quoted.length() > 1 && quoted.startsWith("'") && quoted.endsWith("'");
        return isQuoted ? quoted.substring(1, quoted.length() - 1) : null;
    }

    /// The condition keys that a text has variables of.
    static List<String> keys(String text) {
        List<String> keys = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) { // each turn begins behind the last variable
            int end = text.indexOf('}', begin);
            if (end < 0) {
                break;
            }
            String variable = text.substring(begin + BEGIN.length(), end);
            int comma = variable.indexOf(',');
            String key = (comma < 0 ? variable : variable.substring(0, comma)).strip();
            if (key.length() > 1) {
                keys.add(key);
            }
            begin = text.indexOf(BEGIN, end);
        }
        return keys;
    }
}
