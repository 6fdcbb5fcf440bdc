package io.millrace.authorization;

import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.Shape;
import io.millrace.api.ShapeWriter;
import io.millrace.api.dynamodb.AttributeValue;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A request's input as maps, lists and texts, by the names of the model, without absent members,
/// bytes, and the values of items.
final class InputTree implements ShapeWriter {
    private final List<Object> open = new ArrayList<>();
    private Object root = Map.of();
    private @Nullable String key;

    private InputTree() {}

    @SuppressWarnings("unchecked") // a shape is a map, its members by name
    static Map<String, Object> of(Shape shape) {
        InputTree tree = new InputTree();
        shape.write(tree);
        return (Map<String, Object>) tree.root;
    }

    /// What a path such as `TransactItems.Put.TableName` leads to, through all elements of lists;
    /// `@keys` are the names in a map.
    static List<Object> at(Object from, String path) {
        List<Object> found = new ArrayList<>();
        walk(from, path, found);
        return found;
    }

    private static void walk(Object from, String path, List<Object> found) {
        if (from instanceof List<?> list) {
            list.forEach(each -> walk(each, path, found));
        } else if (path.isEmpty()) {
            found.add(from);
        } else if (from instanceof Map<?, ?> map) {
            int dot = path.indexOf('.');
            String name = dot < 0 ? path : path.substring(0, dot);
            if (name.equals("@keys")) {
                map.keySet().forEach(each -> found.add(String.valueOf(each)));
                return;
            }
            Object member = map.get(name);
            if (member == null && !name.isEmpty()) { // in paths names begin with a small letter
                member = map.get(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1));
            }
            if (member != null) {
                walk(member, dot < 0 ? "" : path.substring(dot + 1), found);
            }
        }
    }

    @Override
    public void begin(Schema<?> schema) {
        push(new LinkedHashMap<String, Object>());
    }

    @Override
    public void end() {
        open.removeLast();
    }

    @Override
    public void string(Member member, @Nullable String value) {
        put(member, value);
    }

    @Override
    public void bool(Member member, @Nullable Boolean value) {
        put(member, value);
    }

    @Override
    public void integer(Member member, @Nullable Integer value) {
        put(member, value);
    }

    @Override
    public void longInteger(Member member, @Nullable Long value) {
        put(member, value);
    }

    @Override
    public void floatNumber(Member member, @Nullable Float value) {
        put(member, value);
    }

    @Override
    public void doubleNumber(Member member, @Nullable Double value) {
        put(member, value);
    }

    @Override
    public void blob(Member member, byte @Nullable [] value) {
        // nothing is decided by bytes
    }

    @Override
    public void timestamp(Member member, @Nullable Instant value) {
        put(member, value);
    }

    @Override
    public void structure(Member member, @Nullable Shape value) {
        if (value != null && !(value instanceof AttributeValue)) {
            name(member);
            value.write(this);
        }
    }

    @Override
    public <T> void list(Member member, @Nullable List<T> value, ElementWriter<? super T> element) {
        if (value == null) {
            return;
        }
        name(member);
        push(new ArrayList<>());
        for (T each : value) {
            element.write(this, member.element(), each);
        }
        open.removeLast();
    }

    @Override
    public <T> void map(
            Member member, @Nullable Map<String, T> value, ElementWriter<? super T> element) {
        if (value == null) {
            return;
        }
        name(member);
        push(new LinkedHashMap<String, Object>());
        for (Map.Entry<String, T> entry : value.entrySet()) {
            key = entry.getKey();
            element.write(this, member.element(), entry.getValue());
        }
        open.removeLast();
    }

    private void put(Member member, @Nullable Object value) {
        if (value != null) {
            name(member);
            add(value.toString());
        }
    }

    /// Of what stands in a list or a map the member has no name of its own.
    private void name(Member member) {
        if (member.index() >= 0) {
            key = member.name();
        }
    }

    private void push(Object container) {
        if (open.isEmpty()) {
            root = container;
        } else {
            add(container);
        }
        open.add(container);
    }

    @SuppressWarnings("unchecked") // containers are made here
    private void add(Object value) {
        if (open.getLast() instanceof List<?> list) {
            ((List<Object>) list).add(value);
        } else if (key != null) {
            ((Map<String, Object>) open.getLast()).put(key, value);
        }
    }
}
