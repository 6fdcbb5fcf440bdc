package io.millrace.api.codec;

import io.millrace.api.InvalidMember;
import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.SerializationFailure;
import io.millrace.api.Shape;
import io.millrace.api.ShapeReader;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the form parameters of awsQuery: `Entry.1.Id=a`, `Attributes.entry.1.key=K`, and the
/// flattened forms of SQS (`Attribute.1.Name=K`).
///
/// The indexes of a list give its order, and may have gaps. A list that is one value without an
/// index is that one element, and empty when the value is; so is a flattened map of one entry
/// (`Attribute.Name=K`). Parameters that no member asks for are ignored. Depth and number of
/// parameters are bounded.
public final class QueryShapeReader implements ShapeReader {
    private final Deque<Frame> frames = new ArrayDeque<>();
    private QueryNode current;
    private @Nullable InvalidMember deferred;

    /// A structure that is being read, and the member to look for next.
    private static final class Frame {
        private final QueryNode node;
        private int next;

        private Frame(QueryNode node) {
            this.node = node;
        }
    }

    private QueryShapeReader(QueryNode root) {
        this.current = root;
    }

    /// Reads one request.
    ///
    /// @param parameters decoded, with `Action` and `Version` or without
    public static <T extends Shape> T read(Map<String, String> parameters, Schema<T> schema) {
        QueryShapeReader reader = new QueryShapeReader(QueryNode.of(parameters));
        T shape = schema.read(reader);
        if (reader.deferred != null) {
            throw reader.deferred.in(shape);
        }
        return shape;
    }

    @Override
    public void defer(InvalidMember refusal) {
        if (deferred == null) {
            deferred = refusal;
        }
    }

    @Override
    public void begin(Schema<?> schema) {
        frames.push(new Frame(current));
    }

    @Override
    public int next(Schema<?> schema) {
        Frame frame = frames.element();
        List<Member> members = schema.members();
        while (frame.next < members.size()) {
            Member member = members.get(frame.next++);
            QueryNode child = child(frame.node, member);
            if (child != null) {
                current = child;
                return member.index();
            }
        }
        frames.pop();
        return -1;
    }

    /// SQS also knows its flattened lists and maps by the names that their members have elsewhere,
    /// as some SDKs send them.
    private static @Nullable QueryNode child(QueryNode node, Member member) {
        QueryNode child = node.child(member.queryName());
        return child == null && member.flattened() ? node.child(member.name()) : child;
    }

    @Override
    public String string(Member member) {
        String value = current.value();
        if (value == null) {
            throw new SerializationFailure("Start of structure or map found where not expected");
        }
        return value;
    }

    @Override
    public Boolean bool(Member member) {
        String text = string(member);
        if (text.equalsIgnoreCase("true")) {
            return Boolean.TRUE;
        }
        if (text.equalsIgnoreCase("false")) {
            return Boolean.FALSE;
        }
        throw inconvertible(text, "Boolean");
    }

    @Override
    public Integer integer(Member member) {
        String text = string(member);
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException _) {
            throw inconvertible(text, "Integer");
        }
    }

    @Override
    public Long longInteger(Member member) {
        String text = string(member);
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException _) {
            throw inconvertible(text, "Long");
        }
    }

    @Override
    public Float floatNumber(Member member) {
        return doubleNumber(member).floatValue();
    }

    @Override
    public Double doubleNumber(Member member) {
        String text = string(member);
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException _) {
            throw inconvertible(text, "Double");
        }
    }

    @Override
    public byte[] blob(Member member) {
        String text = string(member);
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw inconvertible(text, "Blob");
        }
    }

    @Override
    public Instant timestamp(Member member) {
        return Timestamps.parse(string(member));
    }

    @Override
    public <T> List<T> list(Member member, ElementReader<T> element) {
        QueryNode list = current;
        Member each = member.element();
        if (list.isScalar()) {
            return string(member).isEmpty() ? List.of() : List.of(element.read(this, each));
        }
        Collection<QueryNode> elements = elements(list, member, each.queryName());
        List<T> values = new ArrayList<>(elements.size());
        for (QueryNode one : elements) {
            current = one;
            values.add(element.read(this, each));
        }
        return values;
    }

    @Override
    @SuppressWarnings("NullAway") // a null value is kept for the constraint check to refuse
    public <T> Map<String, T> map(Member member, ElementReader<T> value) {
        QueryNode map = current;
        if (map.isScalar()) {
            return Map.of();
        }
        Member each = member.element();
        Map<String, T> values = new LinkedHashMap<>();
        boolean one = member.flattened() && map.child(member.key().queryName()) != null;
        for (QueryNode entry : one ? List.of(map) : elements(map, member, "entry")) {
            QueryNode key = entry.child(member.key().queryName());
            QueryNode held = entry.child(each.queryName());
            if (key == null) {
                throw new SerializationFailure(member.queryName() + " has an entry without a key");
            }
            current = key;
            String name = string(member.key());
            if (held != null) {
                current = held;
            }
            values.put(name, held == null ? null : value.read(this, each));
        }
        return values;
    }

    private static Collection<QueryNode> elements(QueryNode node, Member member, String wrapper) {
        QueryNode wrapped = member.flattened() ? node : node.child(wrapper);
        return wrapped == null ? List.of() : wrapped.elements(member.queryName());
    }

    private static SerializationFailure inconvertible(String text, String type) {
        return new SerializationFailure("'" + text + "' can not be converted to an " + type);
    }
}
