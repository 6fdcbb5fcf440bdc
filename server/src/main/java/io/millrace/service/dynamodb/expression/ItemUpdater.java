package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.item.AttributeType;
import io.millrace.service.dynamodb.item.DecimalNumber;
import io.millrace.service.dynamodb.item.ItemErrors;
import io.millrace.service.dynamodb.item.ItemRules;
import io.millrace.service.dynamodb.item.Values;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Works out what an update makes of an item: first every new value, from the item as it was; then
/// the item, which shares with the old one whatever the update does not touch.
final class ItemUpdater {

    /// What happens at a place of the item: something inside it, or its replacement.
    private static final class Edit {
        final Map<DocumentPath.Step, Edit> inside = new LinkedHashMap<>();
        boolean replaces;

        /// Null removes.
        @Nullable AttributeValue replacement;
    }

    private final List<UpdateAction> actions;
    private final Map<String, AttributeValue> item;

    ItemUpdater(List<UpdateAction> actions, Map<String, AttributeValue> item) {
        this.actions = actions;
        this.item = item;
    }

    /// Errors in AWS's order: a parent that is no map or list, a wrong type, a parent that is not
    /// there, an attribute that is not there.
    Map<String, AttributeValue> updated() {
        for (UpdateAction action : actions) {
            DocumentPath path = action.path();
            if (path.isNested() && path.parentIn(item) != null && !isWritable(path)) {
                throw invalidPath();
            }
        }
        Edit root = new Edit();
        boolean missing = false;
        for (UpdateAction action : actions) {
            missing |= !plan(root, action);
        }
        for (UpdateAction action : actions) {
            if (!isWritable(action.path())) {
                throw invalidPath();
            }
        }
        if (missing) {
            throw ItemErrors.validation(
                    "The provided expression refers to an attribute that does not exist in the"
                            + " item");
        }
        Map<String, AttributeValue> updated = edited(item, root);
        ItemRules.checkDepth(updated);
        return updated;
    }

    /// Of the older updates: `ADD` and `DELETE` want what is there to be of their value's type.
    void checkTypes() {
        for (UpdateAction action : actions) {
            AttributeType type =
                    switch (action) {
                        case UpdateAction.Add(_, AttributeValue value) -> AttributeType.of(value);
                        case UpdateAction.Delete(_, AttributeValue value) ->
                                AttributeType.of(value);
                        case UpdateAction.Append _ -> AttributeType.L;
                        case UpdateAction.Assign _, UpdateAction.Remove _ -> null;
                    };
            AttributeValue present = action.path().in(item);
            if (type != null && present != null && AttributeType.of(present) != type) {
                throw ItemErrors.validation("Type mismatch for attribute to update");
            }
        }
    }

    /// @return false when a value refers to an attribute that the item lacks
    private boolean plan(Edit root, UpdateAction action) {
        switch (action) {
            case UpdateAction.Assign(DocumentPath path, Operand operand) -> {
                AttributeValue value = operand.in(item);
                if (value == null) {
                    return false;
                }
                replace(root, path, value);
            }
            case UpdateAction.Remove(DocumentPath path) -> replace(root, path, null);
            case UpdateAction.Add(DocumentPath path, AttributeValue value) ->
                    replace(root, path, sum(path.in(item), value));
            case UpdateAction.Append(DocumentPath path, List<AttributeValue> elements) -> {
                List<AttributeValue> all = new ArrayList<>();
                if (path.in(item) instanceof AttributeValue.L(List<AttributeValue> present)) {
                    all.addAll(present);
                }
                all.addAll(elements);
                replace(root, path, new AttributeValue.L(all));
            }
            case UpdateAction.Delete(DocumentPath path, AttributeValue value) -> {
                AttributeValue set = path.in(item);
                if (set != null) {
                    replace(root, path, difference(set, value));
                }
            }
        }
        return true;
    }

    private static void replace(Edit root, DocumentPath path, @Nullable AttributeValue value) {
        Edit edit = root;
        for (DocumentPath.Step step : path.steps()) {
            edit = edit.inside.computeIfAbsent(step, _ -> new Edit());
        }
        edit.replaces = true;
        edit.replacement = value;
    }

    private boolean isWritable(DocumentPath path) {
        if (!path.isNested()) {
            return true;
        }
        AttributeValue parent = path.parentIn(item);
        return switch (path.last()) {
            case DocumentPath.Name _ -> parent instanceof AttributeValue.M;
            case DocumentPath.Index _ -> parent instanceof AttributeValue.L;
        };
    }

    private static @Nullable AttributeValue edited(@Nullable AttributeValue value, Edit edit) {
        if (edit.replaces) {
            return edit.replacement;
        }
        return switch (value) {
            case AttributeValue.M(var map) -> new AttributeValue.M(edited(map, edit));
            case AttributeValue.L(var list) -> new AttributeValue.L(edited(list, edit));
            case null, default -> throw new IllegalStateException("paths have been checked");
        };
    }

    private static Map<String, AttributeValue> edited(Map<String, AttributeValue> map, Edit edit) {
        Map<String, AttributeValue> edited = new LinkedHashMap<>(map);
        edit.inside.forEach((step, inside) -> {
            String name = step.toString();
            AttributeValue value = edited(map.get(name), inside);
            if (value == null) {
                edited.remove(name);
            } else {
                edited.put(name, value);
            }
        });
        return edited;
    }

    /// Indexes are those of the list as it was. Elements set beyond its end are appended in the
    /// order of their indexes; what removed elements leave closes up.
    private static List<AttributeValue> edited(List<AttributeValue> list, Edit edit) {
        Map<Integer, Edit> byIndex = new TreeMap<>();
        edit.inside.forEach((step, inside) -> {
            if (step instanceof DocumentPath.Index(int index)) {
                byIndex.put(index, inside);
            }
        });
        List<AttributeValue> edited = new ArrayList<>(list.size() + byIndex.size());
        for (int i = 0; i < list.size(); i++) {
            Edit inside = byIndex.remove(i);
            AttributeValue value = inside == null ? list.get(i) : edited(list.get(i), inside);
            if (value != null) {
                edited.add(value);
            }
        }
        for (Edit appended : byIndex.values()) {
            if (appended.replacement != null) {
                edited.add(appended.replacement);
            }
        }
        return edited;
    }

    private static AttributeValue sum(@Nullable AttributeValue old, AttributeValue value) {
        if (old == null) {
            return value;
        }
        requireSameType(old, value);
        return switch (value) {
            case AttributeValue.N(String text) ->
                    new AttributeValue.N(
                            DecimalNumber.parse(((AttributeValue.N) old).value())
                                    .plus(DecimalNumber.parse(text))
                                    .toString());
            case AttributeValue.SS(var texts) ->
                    new AttributeValue.SS(union(((AttributeValue.SS) old).values(), texts));
            case AttributeValue.NS(var texts) ->
                    new AttributeValue.NS(union(((AttributeValue.NS) old).values(), texts));
            case AttributeValue.BS(var binaries) -> {
                List<byte[]> all = new ArrayList<>(((AttributeValue.BS) old).values());
                Set<byte[]> present = Values.binaries(all);
                binaries.stream().filter(present::add).forEach(all::add);
                yield new AttributeValue.BS(all);
            }
            default -> throw new IllegalStateException("ADD of " + AttributeType.of(value));
        };
    }

    /// Null when nothing is left.
    private static @Nullable AttributeValue difference(AttributeValue set, AttributeValue less) {
        requireSameType(set, less);
        return switch (less) {
            case AttributeValue.SS(var texts) -> {
                List<String> left = difference(((AttributeValue.SS) set).values(), texts);
                yield left.isEmpty() ? null : new AttributeValue.SS(left);
            }
            case AttributeValue.NS(var texts) -> {
                List<String> left = difference(((AttributeValue.NS) set).values(), texts);
                yield left.isEmpty() ? null : new AttributeValue.NS(left);
            }
            case AttributeValue.BS(var binaries) -> {
                List<byte[]> left = new ArrayList<>(((AttributeValue.BS) set).values());
                left.removeIf(Values.binaries(binaries)::contains);
                yield left.isEmpty() ? null : new AttributeValue.BS(left);
            }
            default -> throw new IllegalStateException("DELETE of " + AttributeType.of(less));
        };
    }

    private static List<String> union(List<String> set, List<String> more) {
        Set<String> all = new LinkedHashSet<>(set);
        all.addAll(more);
        return new ArrayList<>(all);
    }

    private static List<String> difference(List<String> set, List<String> less) {
        Set<String> left = new LinkedHashSet<>(set);
        less.forEach(left::remove);
        return new ArrayList<>(left);
    }

    private static void requireSameType(AttributeValue old, AttributeValue value) {
        if (AttributeType.of(old) != AttributeType.of(value)) {
            throw Operand.incorrectType();
        }
    }

    private static ServiceException invalidPath() {
        return ItemErrors.validation(
                "The document path provided in the update expression is invalid for update");
    }
}
