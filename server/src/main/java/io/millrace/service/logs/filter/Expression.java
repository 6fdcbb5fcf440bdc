package io.millrace.service.logs.filter;

import java.util.function.Function;
import java.util.function.Predicate;

/// Reads conditions that are combined by `&&`, `||` and parentheses; `&&` binds more tightly. The
/// depth is bounded by the length of a pattern.
final class Expression {
    private Expression() {}

    /// Reads up to what is no part of the expression any more.
    static <T> Predicate<T> parse(PatternText text, Function<PatternText, Predicate<T>> condition) {
        Predicate<T> any = parseAll(text, condition);
        text.skipSpace();
        while (text.take("||")) {
            any = any.or(parseAll(text, condition));
            text.skipSpace();
        }
        return any;
    }

    private static <T> Predicate<T> parseAll(
            PatternText text, Function<PatternText, Predicate<T>> condition) {
        Predicate<T> all = parseOne(text, condition);
        text.skipSpace();
        while (text.take("&&")) {
            all = all.and(parseOne(text, condition));
            text.skipSpace();
        }
        return all;
    }

    private static <T> Predicate<T> parseOne(
            PatternText text, Function<PatternText, Predicate<T>> condition) {
        text.skipSpace();
        if (!text.take("(")) {
            return condition.apply(text);
        }
        Predicate<T> inner = parse(text, condition);
        text.skipSpace();
        if (!text.take(")")) {
            throw FilterPatternException.invalid();
        }
        return inner;
    }
}
