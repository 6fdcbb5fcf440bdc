package io.millrace.pattern;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// Under which keys conditions on a path stand, and values of it are looked up: the value itself, a
/// number, a text in any case, how a text begins, how it ends. What stands under a key of a value
/// need not match it; what matches stands under one.
///
/// Beginnings and ends are cut at 64 characters, so that a value is looked up at most once for each
/// length that is in use.
final class EventPatternKeys {
    private static final int LENGTH_MAX = Long.SIZE;
    private static final char NUMBER = '#';
    private static final char FOLDED = '~';
    private static final char PREFIX = '^';
    private static final char FOLDED_PREFIX = '<';
    private static final char SUFFIX = '$';
    private static final char FOLDED_SUFFIX = '>';

    private boolean folded;

    /// The lengths in use, a bit for each, of beginnings and ends, as they are and folded.
    private long prefixes;

    private long foldedPrefixes;
    private long suffixes;
    private long foldedSuffixes;

    /// Null for a condition that no key tells anything about.
    static @Nullable String of(EventPatternCondition condition) {
        return switch (condition) {
            case EventPatternCondition.Equal equal -> equal.value();
            case EventPatternCondition.NumberEqual number -> number(number.number());
            case EventPatternCondition.EqualIgnoreCase equal -> FOLDED + fold(equal.text());
            case EventPatternCondition.Prefix prefix -> prefix(prefix.text(), prefix.ignoreCase());
            case EventPatternCondition.Suffix suffix -> suffix(suffix.text(), suffix.ignoreCase());
            case EventPatternCondition.Wildcard wildcard -> {
                String prefix = prefix(wildcard.parts().getFirst(), false);
                yield prefix != null ? prefix : suffix(wildcard.parts().getLast(), false);
            }
            default -> null;
        };
    }

    private static @Nullable String prefix(String text, boolean ignoreCase) {
        String head = text.substring(0, Math.min(text.length(), LENGTH_MAX));
        if (head.isEmpty()) {
            return null;
        }
        return ignoreCase ? FOLDED_PREFIX + fold(head) : PREFIX + head;
    }

    private static @Nullable String suffix(String text, boolean ignoreCase) {
        String tail = text.substring(Math.max(text.length() - LENGTH_MAX, 0));
        if (tail.isEmpty()) {
            return null;
        }
        return ignoreCase ? FOLDED_SUFFIX + fold(tail) : SUFFIX + tail;
    }

    private static String number(double number) {
        return NUMBER + Double.toString(number);
    }

    /// Characters that only differ in case become the same; none is added or taken away.
    private static String fold(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = Character.toLowerCase(Character.toUpperCase(chars[i]));
        }
        return new String(chars);
    }

    /// From now on, values are looked up under keys like this one.
    void note(String key) {
        long bit = key.length() < 2 ? 0 : 1L << Math.min(key.length() - 2, LENGTH_MAX - 1);
        switch (key.charAt(0)) {
            case FOLDED -> folded = true;
            case PREFIX -> prefixes |= bit;
            case FOLDED_PREFIX -> foldedPrefixes |= bit;
            case SUFFIX -> suffixes |= bit;
            case FOLDED_SUFFIX -> foldedSuffixes |= bit;
            default -> {} // values and numbers are always looked up
        }
    }

    /// Tells the keys of a value.
    void of(EventPatternFields.Field field, Consumer<String> each) {
        each.accept(field.value());
        if (!Double.isNaN(field.number())) {
            each.accept(number(field.number()));
        }
        if (!field.isString() || !(folded || anyAffixes())) {
            return;
        }
        String text = field.value().substring(1, field.value().length() - 1);
        prefixes(PREFIX, prefixes, text, each);
        suffixes(SUFFIX, suffixes, text, each);
        if (folded || (foldedPrefixes | foldedSuffixes) != 0) {
            String lower = fold(text);
            if (folded) {
                each.accept(FOLDED + lower);
            }
            prefixes(FOLDED_PREFIX, foldedPrefixes, lower, each);
            suffixes(FOLDED_SUFFIX, foldedSuffixes, lower, each);
        }
    }

    private boolean anyAffixes() {
        return (prefixes | foldedPrefixes | suffixes | foldedSuffixes) != 0;
    }

    private static void prefixes(char kind, long lengths, String text, Consumer<String> each) {
        for (long left = lengths; left != 0; left &= left - 1) {
            int length = Long.numberOfTrailingZeros(left) + 1;
            if (length <= text.length()) {
                each.accept(kind + text.substring(0, length));
            }
        }
    }

    private static void suffixes(char kind, long lengths, String text, Consumer<String> each) {
        for (long left = lengths; left != 0; left &= left - 1) {
            int length = Long.numberOfTrailingZeros(left) + 1;
            if (length <= text.length()) {
                each.accept(kind + text.substring(text.length() - length));
            }
        }
    }
}
