package io.millrace.service.dynamodb.expression;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Supplier;

/// Remembers the syntax of expressions by their text: programs send the same few texts again and
/// again. A slot per hash, the newest wins; errors are not remembered. At most 1,024 texts of 4 KB
/// per grammar. Thread-safe.
final class SyntaxCache<T> {

    private static final int SLOTS = 1024;

    private static final SyntaxCache<Syntax> CONDITIONS = new SyntaxCache<>();
    private static final SyntaxCache<List<Syntax.Section>> UPDATES = new SyntaxCache<>();
    private static final SyntaxCache<List<Syntax.Path>> PROJECTIONS = new SyntaxCache<>();

    private record Entry<T>(String text, T syntax) {}

    private final @Nullable Entry<T>[] entries;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private SyntaxCache() {
        entries = new Entry[SLOTS];
    }

    /// The syntax of a condition, filter or key condition.
    static Syntax condition(ExpressionKind kind, String text) {
        return CONDITIONS.get(
                text,
                () -> {
                    Syntax condition = ConditionParser.parse(kind, text);
                    SyntaxChecks.checkCondition(kind, condition);
                    return condition;
                });
    }

    static List<Syntax.Section> update(String text) {
        return UPDATES.get(
                text,
                () -> {
                    List<Syntax.Section> sections = UpdateParser.parse(text);
                    SyntaxChecks.checkUpdate(sections);
                    return sections;
                });
    }

    static List<Syntax.Path> projection(String text) {
        return PROJECTIONS.get(
                text,
                () -> {
                    ExpressionParser parser = new ExpressionParser(ExpressionKind.PROJECTION, text);
                    List<Syntax.Path> paths = parser.list(parser::path);
                    parser.expectEnd();
                    SyntaxChecks.checkProjection(paths);
                    return paths;
                });
    }

    private T get(String text, Supplier<T> parse) {
        int slot = text.hashCode() & (SLOTS - 1);
        Entry<T> entry = entries[slot]; // a race costs a parse, nothing else: entries are final
        if (entry == null || !entry.text.equals(text)) {
            entry = new Entry<>(text, parse.get());
            entries[slot] = entry;
        }
        return entry.syntax;
    }
}
