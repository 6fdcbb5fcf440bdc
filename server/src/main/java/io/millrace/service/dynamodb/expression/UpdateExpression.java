package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An `UpdateExpression`. Immutable and thread-safe.
public final class UpdateExpression {

    private final List<UpdateAction> actions;
    private final List<DocumentPath> readPaths;

    private final boolean legacy;

    private UpdateExpression(
            List<UpdateAction> actions, List<DocumentPath> readPaths, boolean legacy) {
        this.actions = actions;
        this.readPaths = readPaths;
        this.legacy = legacy;
    }

    /// What `AttributeUpdates` ask for.
    static UpdateExpression legacy(List<UpdateAction> actions) {
        return new UpdateExpression(List.copyOf(actions), List.of(), true);
    }

    /// Parses the text, and checks it against the context's names and values.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public static UpdateExpression parse(String text, ExpressionContext context) {
        UpdateBinder binder = new UpdateBinder(context);
        List<UpdateAction> actions = binder.bind(SyntaxCache.update(text));
        return new UpdateExpression(actions, binder.readPaths(), false);
    }

    /// An update that was not written as an expression.
    ///
    /// @throws io.millrace.wire.ServiceException when two of its paths overlap
    public static UpdateExpression of(ExpressionKind kind, List<UpdateAction> actions) {
        List<DocumentPath> readPaths = new ArrayList<>();
        for (UpdateAction action : actions) {
            if (action instanceof UpdateAction.Assign(_, Operand value)) {
                value.collectPaths(readPaths);
            }
        }
        UpdateExpression update = new UpdateExpression(List.copyOf(actions), readPaths, false);
        PathTree.of(update.paths()).checkDistinct(kind);
        return update;
    }

    /// The paths that it changes, in the order in which they stand.
    public List<DocumentPath> paths() {
        return actions.stream().map(UpdateAction::path).toList();
    }

    /// The paths that its values refer to.
    public List<DocumentPath> readPaths() {
        return readPaths;
    }

    /// The types of the values that it puts at top-level attributes, as far as they are known
    /// without an item.
    public Map<String, AttributeType> knownTypes() {
        return UpdateAction.knownTypes(actions);
    }

    /// Whether it makes an item where there is none. Of the older updates, those that only delete
    /// leave nothing behind.
    public boolean makesItem() {
        return !legacy
                || actions.stream()
                        .anyMatch(action ->
                                !(action instanceof UpdateAction.Remove
                                        || action instanceof UpdateAction.Delete));
    }

    /// Applies the update. Every value is worked out from the item as it was.
    ///
    /// @param item the item as it is, or, when there is none, its key; left as it is
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    public ItemUpdate apply(Map<String, AttributeValue> item) {
        ItemUpdater updater = new ItemUpdater(actions, item);
        if (legacy) {
            updater.checkTypes();
        }
        return new ItemUpdate(paths(), item, updater.updated());
    }
}
