package io.millrace.api.codec;

import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.Shape;
import io.millrace.api.ShapeWriter;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes form parameters, as a client of awsQuery does.
final class FormWriter implements ShapeWriter {
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private String prefix = "";

    static Map<String, String> write(Shape shape) {
        FormWriter writer = new FormWriter();
        shape.write(writer);
        return writer.parameters;
    }

    @Override
    public void begin(Schema<?> schema) {}

    @Override
    public void end() {}

    private String name(Member member) {
        if (member.index() < 0) {
            return prefix;
        }
        return prefix.isEmpty() ? member.queryName() : prefix + "." + member.queryName();
    }

    private void scalar(Member member, @Nullable Object value) {
        if (value != null) {
            parameters.put(name(member), value.toString());
        }
    }

    @Override
    public void string(Member member, @Nullable String value) {
        scalar(member, value);
    }

    @Override
    public void bool(Member member, @Nullable Boolean value) {
        scalar(member, value);
    }

    @Override
    public void integer(Member member, @Nullable Integer value) {
        scalar(member, value);
    }

    @Override
    public void longInteger(Member member, @Nullable Long value) {
        scalar(member, value);
    }

    @Override
    public void floatNumber(Member member, @Nullable Float value) {
        scalar(member, value);
    }

    @Override
    public void doubleNumber(Member member, @Nullable Double value) {
        scalar(member, value);
    }

    @Override
    public void blob(Member member, byte @Nullable [] value) {
        scalar(member, value == null ? null : Base64.getEncoder().encodeToString(value));
    }

    @Override
    public void timestamp(Member member, @Nullable Instant value) {
        scalar(member, value);
    }

    @Override
    public void structure(Member member, @Nullable Shape value) {
        if (value != null) {
            within(name(member), () -> value.write(this));
        }
    }

    @Override
    public <T> void list(Member member, @Nullable List<T> value, ElementWriter<? super T> element) {
        if (value == null) {
            return;
        }
        String name = name(member);
        String each = member.flattened() ? name : name + "." + member.element().queryName();
        int index = 0;
        for (T one : value) {
            index++;
            within(each + "." + index, () -> element.write(this, member.element(), one));
        }
    }

    @Override
    public <T> void map(
            Member member, @Nullable Map<String, T> value, ElementWriter<? super T> element) {
        if (value == null) {
            return;
        }
        String entries = member.flattened() ? name(member) : name(member) + ".entry";
        int index = 0;
        for (Map.Entry<String, T> entry : value.entrySet()) {
            String each = entries + "." + ++index + ".";
            parameters.put(each + member.key().queryName(), entry.getKey());
            within(
                    each + member.element().queryName(),
                    () -> element.write(this, member.element(), entry.getValue()));
        }
    }

    private void within(String name, Runnable write) {
        String outer = prefix;
        prefix = name;
        write.run();
        prefix = outer;
    }
}
