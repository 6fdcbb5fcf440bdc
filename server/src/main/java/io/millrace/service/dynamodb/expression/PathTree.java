package io.millrace.service.dynamodb.expression;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Document paths as a tree: for what they cut out of an item, and for whether they clash.
/// Immutable once built.
final class PathTree {

    /// What begins with the same steps.
    ///
    /// @param born the index of the first path that comes here
    /// @param ends the indexes of the paths that end here
    private record Node(int born, Map<DocumentPath.Step, Node> children, List<Integer> ends) {
        Node(int born) {
            this(born, new LinkedHashMap<>(), new ArrayList<>());
        }
    }

    private final List<DocumentPath> paths;
    private final Node root = new Node(0);

    private PathTree(List<DocumentPath> paths) {
        this.paths = paths;
        for (int i = 0; i < paths.size(); i++) {
            Node node = root;
            for (DocumentPath.Step step : paths.get(i).steps()) {
                int born = i;
                node = node.children.computeIfAbsent(step, _ -> new Node(born));
            }
            node.ends.add(i);
        }
    }

    static PathTree of(List<DocumentPath> paths) {
        return new PathTree(paths);
    }

    /// The parts of the item at the paths, inside the documents that hold them.
    Map<String, AttributeValue> project(Map<String, AttributeValue> item) {
        return project(item, root);
    }

    /// @throws io.millrace.wire.ServiceException when a path is another's, or leads into another,
    ///   or when two paths take the same value for a map and for a list
    void checkDistinct(ExpressionKind kind) {
        checkDistinct(kind, root);
    }

    private static Map<String, AttributeValue> project(Map<String, AttributeValue> map, Node node) {
        Map<String, AttributeValue> projected = new LinkedHashMap<>();
        node.children.forEach((step, child) -> {
            if (step instanceof DocumentPath.Name(String name)) {
                AttributeValue part = projectNullable(map.get(name), child);
                if (part != null) {
                    projected.put(name, part);
                }
            }
        });
        return projected;
    }

    private static @Nullable AttributeValue projectNullable(
            @Nullable AttributeValue value, Node node) {
        if (value == null || !node.ends.isEmpty()) {
            return value;
        }
        if (value instanceof AttributeValue.M(var map)) {
            Map<String, AttributeValue> projected = project(map, node);
            return projected.isEmpty() ? null : new AttributeValue.M(projected);
        }
        if (value instanceof AttributeValue.L(var list)) {
            List<AttributeValue> projected = project(list, node);
            return projected.isEmpty() ? null : new AttributeValue.L(projected);
        }
        return null;
    }

    private static List<AttributeValue> project(List<AttributeValue> list, Node node) {
        Map<Integer, AttributeValue> projected = new TreeMap<>();
        node.children.forEach((step, child) -> {
            if (step instanceof DocumentPath.Index(int index) && index < list.size()) {
                AttributeValue part = projectNullable(list.get(index), child);
                if (part != null) {
                    projected.put(index, part);
                }
            }
        });
        return List.copyOf(projected.values());
    }

    /// A child, or, without a step, the end of a path.
    private record Branch(int born, DocumentPath.@Nullable Step step, @Nullable Node node) {}

    /// Finds the clash that AWS reports: it looks from the newest branch to the oldest, deepest
    /// first.
    private void checkDistinct(ExpressionKind kind, Node node) {
        List<Branch> branches = branches(node);
        for (int i = 0; i < branches.size(); i++) {
            Branch branch = branches.get(i);
            if (branch.node != null) {
                checkDistinct(kind, branch.node);
            }
            for (int j = 0; j < branches.size(); j++) {
                if (j != i) {
                    checkDistinct(kind, branch, branches.get(j));
                }
            }
        }
    }

    private void checkDistinct(ExpressionKind kind, Branch branch, Branch other) {
        if (branch.step == null || other.step == null) {
            throw clash(kind, "overlap", branch, other);
        }
        boolean isIndex = branch.step instanceof DocumentPath.Index;
        if (isIndex != other.step instanceof DocumentPath.Index) {
            throw clash(kind, "conflict", branch, other);
        }
    }

    private static List<Branch> branches(Node node) {
        List<Branch> branches = new ArrayList<>(node.children.size() + node.ends.size());
        node.children.forEach((step, child) -> branches.add(new Branch(child.born, step, child)));
        node.ends.forEach(end -> branches.add(new Branch(end, null, null)));
        branches.sort(java.util.Comparator.comparingInt((Branch branch) -> -branch.born));
        return branches;
    }

    private ServiceException clash(ExpressionKind kind, String how, Branch one, Branch other) {
        int a = newestEnd(one);
        int b = newestEnd(other);
        return kind.invalid(
                "Two document paths "
                        + how
                        + " with each other; must remove or rewrite one of these paths; path one: "
                        + paths.get(Math.min(a, b))
                        + ", path two: "
                        + paths.get(Math.max(a, b)));
    }

    private static int newestEnd(Branch branch) {
        Branch newest = branch;
        while (newest.node != null) { // ends: every branch of a tree has an end
            newest = branches(newest.node).getFirst();
        }
        return newest.born;
    }
}
