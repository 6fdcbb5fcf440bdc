package io.millrace.api.codec;

import io.millrace.api.Location;
import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.Shape;
import io.millrace.api.ShapeWriter;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Writes the body of an answer in restJson1: JSON, or the bytes of the one member that is the
/// whole body.
public final class RestPayload implements ShapeWriter {
    private byte[] payload = {};

    private RestPayload() {}

    public static byte[] write(Shape output) {
        if (!hasPayload(output)) {
            return JsonShapeWriter.write(output);
        }
        RestPayload writer = new RestPayload();
        output.write(writer);
        return writer.payload;
    }

    /// Whether the body is not JSON, but a member's bytes.
    public static boolean hasPayload(Shape output) {
        for (Member member : output.schema().members()) {
            if (member.location() == Location.PAYLOAD) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void blob(Member member, byte @Nullable [] value) {
        if (member.location() == Location.PAYLOAD && value != null) {
            payload = value;
        }
    }

    @Override
    public void begin(Schema<?> schema) {}

    @Override
    public void end() {}

    @Override
    public void string(Member member, @Nullable String value) {}

    @Override
    public void bool(Member member, @Nullable Boolean value) {}

    @Override
    public void integer(Member member, @Nullable Integer value) {}

    @Override
    public void longInteger(Member member, @Nullable Long value) {}

    @Override
    public void floatNumber(Member member, @Nullable Float value) {}

    @Override
    public void doubleNumber(Member member, @Nullable Double value) {}

    @Override
    public void timestamp(Member member, @Nullable Instant value) {}

    @Override
    public void structure(Member member, @Nullable Shape value) {}

    @Override
    public <T> void list(
            Member member, @Nullable List<T> value, ElementWriter<? super T> element) {}

    @Override
    public <T> void map(
            Member member, @Nullable Map<String, T> value, ElementWriter<? super T> element) {}
}
