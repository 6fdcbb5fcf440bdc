package io.millrace.api;

import com.google.re2j.PatternSyntaxException;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/// A pattern of a model. Java's matcher recurses into groups that repeat, once for each turn, and
/// tries every way to divide a value among what repeats: groups and long values are for RE2, whose
/// time is linear. Patterns that RE2 does not know look around, and are for short values, or are
/// one class of characters, for which Java's time is linear, too.
final class ModelPattern {
    private static final int SHORT_CHARACTERS_MAX = 256;
    private static final int LOOKING_AROUND_CHARACTERS_MAX = 1024;
    private static final Pattern REPEATED_GROUP = Pattern.compile("(?<!\\\\)\\)([*+]|\\{\\d+,)");

    private final Pattern pattern;
    private final boolean repeatsGroups;
    private final com.google.re2j.@Nullable Pattern linear;

    ModelPattern(String text) {
        this.pattern = Pattern.compile(text);
        this.repeatsGroups = REPEATED_GROUP.matcher(text).find();
        this.linear = linear(text);
    }

    private static com.google.re2j.@Nullable Pattern linear(String text) {
        try {
            return com.google.re2j.Pattern.compile(text);
        } catch (PatternSyntaxException _) {
            return null;
        }
    }

    /// Whether the whole value has this form.
    boolean matches(String value) {
        if (linear != null && (repeatsGroups || value.length() > SHORT_CHARACTERS_MAX)) {
            return linear.matches(value);
        }
        return (!repeatsGroups || value.length() <= LOOKING_AROUND_CHARACTERS_MAX)
                && pattern.matcher(value).matches();
    }
}
