package io.millrace.api.codec;

import io.millrace.api.InvalidMember;
import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.SerializationFailure;
import io.millrace.api.Shape;
import io.millrace.api.ShapeReader;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Reads restJson1: first the members that stand in the path, the query string and the header, then
/// those in the body, which is JSON, or empty when there is nothing in it.
public final class RestShapeReader implements ShapeReader {

    /// What a request has outside of its body, decoded.
    public interface Head {

        /// The path's label, or null.
        @Nullable String label(String name);

        /// The query parameter's values, in order.
        List<String> query(String name);

        /// The header field, or null.
        @Nullable String header(String name);
    }

    private record Located(Member member, List<String> values) {}

    private final Iterator<Located> located;
    private final @Nullable JsonShapeReader body;
    private @Nullable Located current;
    private @Nullable String element;

    private RestShapeReader(List<Located> located, @Nullable JsonShapeReader body) {
        this.located = located.iterator();
        this.body = body;
    }

    /// Reads one request.
    ///
    /// @throws SerializationFailure when it is not of this shape
    public static <T extends Shape> T read(byte[] body, Head head, Schema<T> schema) {
        List<Located> located = located(schema, head);
        return body.length == 0
                ? schema.read(new RestShapeReader(located, null))
                : JsonShapeReader.read(
                        body, json -> schema.read(new RestShapeReader(located, json)));
    }

    private static List<Located> located(Schema<?> schema, Head head) {
        List<Located> located = new ArrayList<>();
        for (Member member : schema.members()) {
            List<String> values =
                    switch (member.location()) {
                        case BODY, PAYLOAD -> List.of();
                        case PATH -> present(head.label(member.name()));
                        case HEADER -> present(head.header(member.name()));
                        case QUERY -> head.query(member.name());
                    };
            if (!values.isEmpty()) {
                located.add(new Located(member, values));
            }
        }
        return located;
    }

    private static List<String> present(@Nullable String value) {
        return value == null ? List.of() : List.of(value);
    }

    private JsonShapeReader body() {
        if (body == null) {
            throw new IllegalStateException("a member in an empty body");
        }
        return body;
    }

    /// The text of the member at hand, or null when it is in the body.
    private @Nullable String text() {
        if (element != null) {
            return element;
        }
        return current == null ? null : current.values.getFirst();
    }

    private static SerializationFailure unreadable(Member member, String text) {
        return new SerializationFailure(
                "STRING_VALUE can not be converted to "
                        + member.typeName().substring(member.typeName().lastIndexOf('.') + 1)
                        + ": "
                        + text);
    }

    @Override
    public void begin(Schema<?> schema) {
        if (body != null) {
            body.begin(schema);
        }
    }

    @Override
    public void defer(InvalidMember refusal) {
        body().defer(refusal);
    }

    @Override
    public int next(Schema<?> schema) {
        if (located.hasNext()) {
            current = located.next();
            return current.member.index();
        }
        current = null;
        return body == null ? -1 : body.next(schema);
    }

    @Override
    public String string(Member member) {
        String text = text();
        return text == null ? body().string(member) : text;
    }

    @Override
    public Boolean bool(Member member) {
        String text = text();
        if (text == null) {
            return body().bool(member);
        }
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw unreadable(member, text);
        };
    }

    @Override
    public Integer integer(Member member) {
        String text = text();
        try {
            return text == null ? body().integer(member) : Integer.valueOf(text);
        } catch (NumberFormatException _) {
            throw unreadable(member, String.valueOf(text));
        }
    }

    @Override
    public Long longInteger(Member member) {
        String text = text();
        try {
            return text == null ? body().longInteger(member) : Long.valueOf(text);
        } catch (NumberFormatException _) {
            throw unreadable(member, String.valueOf(text));
        }
    }

    @Override
    public Float floatNumber(Member member) {
        return (float) (double) doubleNumber(member);
    }

    @Override
    public Double doubleNumber(Member member) {
        String text = text();
        try {
            return text == null ? body().doubleNumber(member) : Double.valueOf(text);
        } catch (NumberFormatException _) {
            throw unreadable(member, String.valueOf(text));
        }
    }

    @Override
    public byte[] blob(Member member) {
        String text = text();
        return text == null ? body().blob(member) : text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Instant timestamp(Member member) {
        String text = text();
        return text == null ? body().timestamp(member) : Timestamps.parse(text);
    }

    @Override
    public <T> List<T> list(Member member, ElementReader<T> reader) {
        if (current == null) {
            return body().list(member, reader);
        }
        List<T> list = new ArrayList<>();
        for (String value : current.values) {
            element = value;
            list.add(reader.read(this, member.element()));
        }
        element = null;
        return list;
    }

    @Override
    public <T> Map<String, T> map(Member member, ElementReader<T> reader) {
        if (current != null) {
            throw new IllegalStateException("a map outside of the body: " + member);
        }
        return body().map(member, reader);
    }
}
