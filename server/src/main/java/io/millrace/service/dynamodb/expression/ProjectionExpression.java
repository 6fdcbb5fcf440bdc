package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A `ProjectionExpression`. Immutable and thread-safe.
public final class ProjectionExpression {

    private final List<DocumentPath> paths;
    private final PathTree tree;
    private final @Nullable List<String> columns;

    private ProjectionExpression(
            List<DocumentPath> paths, PathTree tree, @Nullable List<String> columns) {
        this.paths = paths;
        this.tree = tree;
        this.columns = columns;
    }

    /// Parses the text, and checks it against the context's names and values.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public static ProjectionExpression parse(String text, ExpressionContext context) {
        ExpressionKind kind = ExpressionKind.PROJECTION;
        PathBinder binder = new PathBinder(kind, context);
        List<DocumentPath> paths = SyntaxCache.projection(text).stream().map(binder::bind).toList();
        PathTree tree = PathTree.of(paths);
        tree.checkDistinct(kind);
        return new ProjectionExpression(paths, tree, null);
    }

    /// The paths of top-level attributes of those names: what `AttributesToGet` asks for.
    public static ProjectionExpression ofAttributes(List<String> names) {
        List<DocumentPath> paths = names.stream().map(DocumentPath::of).toList();
        return new ProjectionExpression(paths, PathTree.of(paths), null);
    }

    /// What a statement selects: the value at each path, whatever holds it, under a name of its
    /// own.
    ///
    /// @param columns a name for each path
    public static ProjectionExpression ofColumns(List<DocumentPath> paths, List<String> columns) {
        return new ProjectionExpression(paths, PathTree.of(paths), columns);
    }

    public List<DocumentPath> paths() {
        return paths;
    }

    /// The parts of the item that the paths lead to, each inside the documents that hold it; list
    /// elements close up. Shares its parts with the item.
    public Map<String, AttributeValue> project(Map<String, AttributeValue> item) {
        if (columns == null) {
            return tree.project(item);
        }
        Map<String, AttributeValue> row = new LinkedHashMap<>();
        for (int i = 0; i < paths.size(); i++) {
            AttributeValue value = paths.get(i).in(item);
            if (value != null) {
                row.put(columns.get(i), value);
            }
        }
        return row;
    }
}
