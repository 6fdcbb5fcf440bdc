package io.millrace.api.codec;

import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.Shape;
import io.millrace.api.ShapeWriter;
import io.millrace.api.TimestampFormat;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Writes awsJson 1.0 and 1.1: UTF-8 without white space, absent members left out, timestamps as
/// seconds since the epoch with milliseconds, blobs as Base64.
public final class JsonShapeWriter implements ShapeWriter {
    private final JsonBytes out;
    private final boolean
            errorDetails; // at the top of an error: its braces and message are written
    private int depth;

    private JsonShapeWriter(JsonBytes out, boolean errorDetails) {
        this.out = out;
        this.errorDetails = errorDetails;
    }

    public static byte[] write(Shape shape) {
        JsonBytes out = new JsonBytes();
        shape.write(new JsonShapeWriter(out, false));
        return out.toByteArray();
    }

    /// An error's body: `__type` first, then the message where there is one, then what else the
    /// modelled shape has.
    ///
    /// @param type what stands in `__type`, with the namespace where the service has one; null
    ///   where a header says it
    /// @param messageName `message` or `Message`: services differ
    /// @param details the modelled shape; its own message is left out
    public static byte[] writeError(
            @Nullable String type,
            String messageName,
            @Nullable String message,
            @Nullable Shape details) {
        JsonBytes out = new JsonBytes();
        out.open('{');
        if (type != null) {
            out.string("__type");
            out.raw(':');
            out.string(type);
        }
        if (message != null) {
            out.element();
            out.string(messageName);
            out.raw(':');
            out.string(message);
        }
        if (details != null) {
            details.write(new JsonShapeWriter(out, true));
        }
        out.close('}');
        return out.toByteArray();
    }

    @Override
    public void begin(Schema<?> schema) {
        if (!errorDetails || depth > 0) {
            out.open('{');
        }
        depth++;
    }

    @Override
    public void end() {
        depth--;
        if (!errorDetails || depth > 0) {
            out.close('}');
        }
    }

    @Override
    public void string(Member member, @Nullable String value) {
        if (errorDetails && depth == 1 && member.name().equalsIgnoreCase("message")) {
            return;
        }
        if (value != null) {
            out.name(member.jsonPrefix());
            out.string(value);
        } else {
            absent(member);
        }
    }

    @Override
    public void bool(Member member, @Nullable Boolean value) {
        if (value != null) {
            out.name(member.jsonPrefix());
            out.ascii(value ? "true" : "false");
        } else {
            absent(member);
        }
    }

    @Override
    public void integer(Member member, @Nullable Integer value) {
        if (value != null) {
            out.name(member.jsonPrefix());
            out.ascii(Integer.toString(value));
        } else {
            absent(member);
        }
    }

    @Override
    public void longInteger(Member member, @Nullable Long value) {
        if (value != null) {
            out.name(member.jsonPrefix());
            out.ascii(Long.toString(value));
        } else {
            absent(member);
        }
    }

    @Override
    public void floatNumber(Member member, @Nullable Float value) {
        if (value != null) {
            out.name(member.jsonPrefix());
            real(Float.toString(value), Float.isFinite(value));
        } else {
            absent(member);
        }
    }

    @Override
    public void doubleNumber(Member member, @Nullable Double value) {
        if (value != null) {
            out.name(member.jsonPrefix());
            real(Double.toString(value), Double.isFinite(value));
        } else {
            absent(member);
        }
    }

    private void real(String text, boolean finite) {
        if (finite) {
            out.ascii(text);
        } else {
            out.string(text);
        }
    }

    @Override
    public void blob(Member member, byte @Nullable [] value) {
        if (value != null) {
            out.name(member.jsonPrefix());
            out.raw('"');
            out.raw(Base64.getEncoder().encode(value));
            out.raw('"');
        } else {
            absent(member);
        }
    }

    @Override
    public void timestamp(Member member, @Nullable Instant value) {
        if (value == null) {
            absent(member);
            return;
        }
        out.name(member.jsonPrefix());
        TimestampFormat format = member.timestampFormat();
        if (format == TimestampFormat.PROTOCOL || format == TimestampFormat.UNIX) {
            out.ascii(Timestamps.epochSeconds(value));
        } else {
            out.string(Timestamps.text(value, format));
        }
    }

    @Override
    public void structure(Member member, @Nullable Shape value) {
        if (value != null) {
            out.name(member.jsonPrefix());
            value.write(this);
        } else {
            absent(member);
        }
    }

    @Override
    public <T> void list(Member member, @Nullable List<T> value, ElementWriter<? super T> element) {
        if (value == null) {
            absent(member);
            return;
        }
        out.name(member.jsonPrefix());
        out.open('[');
        Member each = member.element();
        int begin = out.length();
        boolean first = true;
        for (T one : value) {
            element.write(this, each, one);
            if (first) { // the others are about as long
                out.expect((out.length() - begin + 1L) * value.size());
                first = false;
            }
        }
        out.close(']');
    }

    @Override
    public <T> void map(
            Member member, @Nullable Map<String, T> value, ElementWriter<? super T> element) {
        if (value == null) {
            absent(member);
            return;
        }
        out.name(member.jsonPrefix());
        if (value instanceof JsonMap written) {
            written.write(out);
            return;
        }
        out.open('{');
        Member each = member.element();
        for (Map.Entry<String, T> entry : value.entrySet()) {
            out.key(entry.getKey());
            element.write(this, each, entry.getValue());
        }
        out.close('}');
    }

    /// Members are left out; inside a list or a map a null has to hold its place.
    private void absent(Member member) {
        if (member.index() < 0) {
            out.name(member.jsonPrefix());
            out.ascii("null");
        }
    }
}
