package io.millrace.service.dynamodb.expression;

import java.util.ArrayList;
import java.util.List;

/// Puts a request's names into document paths.
final class PathBinder {

    private final ExpressionKind kind;
    private final ExpressionContext context;

    PathBinder(ExpressionKind kind, ExpressionContext context) {
        this.kind = kind;
        this.context = context;
    }

    DocumentPath bind(Syntax.Path path) {
        List<DocumentPath.Step> steps = new ArrayList<>(path.steps().size());
        for (Syntax.Step step : path.steps()) {
            steps.add(
                    switch (step) {
                        case Syntax.NameStep name ->
                                new DocumentPath.Name(
                                        name.isPlaceholder()
                                                ? context.name(kind, name.name())
                                                : name.name());
                        case Syntax.IndexStep(String digits) ->
                                new DocumentPath.Index(Integer.parseInt(digits));
                    });
        }
        if (steps.size() > ExpressionLimits.PATH_DEPTH_MAX) {
            throw kind.invalid(
                    "The document path has too many nesting levels; nesting levels: "
                            + steps.size());
        }
        return new DocumentPath(List.copyOf(steps));
    }
}
