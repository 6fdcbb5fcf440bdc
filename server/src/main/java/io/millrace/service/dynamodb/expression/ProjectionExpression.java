package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;

import java.util.List;
import java.util.Map;

/// A `ProjectionExpression`. Immutable and thread-safe.
public final class ProjectionExpression {

    private final List<DocumentPath> paths;
    private final PathTree tree;

    private ProjectionExpression(List<DocumentPath> paths, PathTree tree) {
        this.paths = paths;
        this.tree = tree;
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
        return new ProjectionExpression(paths, tree);
    }

    /// The paths of top-level attributes of those names: what `AttributesToGet` asks for.
    public static ProjectionExpression ofAttributes(List<String> names) {
        List<DocumentPath> paths = names.stream().map(DocumentPath::of).toList();
        return new ProjectionExpression(paths, PathTree.of(paths));
    }

    public List<DocumentPath> paths() {
        return paths;
    }

    /// The parts of the item that the paths lead to, each inside the documents that hold it; list
    /// elements close up. Shares its parts with the item.
    public Map<String, AttributeValue> project(Map<String, AttributeValue> item) {
        return tree.project(item);
    }
}
