package io.millrace.api.codec;

import io.millrace.api.SerializationFailure;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Form parameters as the tree that their dots describe.
final class QueryNode {
    private static final int PARAMETERS_MAX = 20_000;
    private static final int DEPTH_MAX = 32;
    private static final int INDEX_DIGITS_MAX = 9;

    private @Nullable String value;
    private @Nullable Map<String, QueryNode> children;

    private QueryNode() {}

    static QueryNode of(Map<String, String> parameters) {
        if (parameters.size() > PARAMETERS_MAX) {
            throw new SerializationFailure("Too many parameters");
        }
        QueryNode root = new QueryNode();
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            root.add(parameter.getKey(), parameter.getValue());
        }
        return root;
    }

    private void add(String name, String text) {
        QueryNode node = this;
        int from = 0;
        for (int depth = 0; from <= name.length(); depth++) {
            if (depth == DEPTH_MAX) {
                throw new SerializationFailure("Parameter names are nested too deeply");
            }
            int dot = name.indexOf('.', from);
            int to = dot < 0 ? name.length() : dot;
            Map<String, QueryNode> below = node.children;
            if (below == null) {
                below = new HashMap<>();
                node.children = below;
            }
            node = below.computeIfAbsent(name.substring(from, to), _ -> new QueryNode());
            from = to + 1;
        }
        node.value = text;
    }

    @Nullable String value() {
        return value;
    }

    boolean isScalar() {
        return children == null && value != null;
    }

    @Nullable QueryNode child(String name) {
        return children == null ? null : children.get(name);
    }

    /// The children, in the order of their numbers.
    Collection<QueryNode> elements(String of) {
        if (children == null) {
            return List.of();
        }
        TreeMap<Integer, QueryNode> elements = new TreeMap<>();
        for (Map.Entry<String, QueryNode> child : children.entrySet()) {
            elements.put(index(child.getKey(), of), child.getValue());
        }
        return elements.values();
    }

    private static int index(String text, String of) {
        boolean digits = !text.isEmpty() && text.length() <= INDEX_DIGITS_MAX;
        for (int i = 0; i < text.length() && digits; i++) {
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits) {
            throw new SerializationFailure(of + "." + text + " is not an index");
        }
        return Integer.parseInt(text);
    }
}
