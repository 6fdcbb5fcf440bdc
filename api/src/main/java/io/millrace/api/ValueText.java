package io.millrace.api;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A value as it stands in a message: scalars as they are, lists as `[a, b]`, maps as `{k=v}`,
/// structures as `Name(member=a, other=null)`. Cut off at [#CHARS_MAX], after which nothing is
/// looked at any more.
final class ValueText implements ShapeWriter {
    private static final int CHARS_MAX = 8_192;

    private final StringBuilder text = new StringBuilder();

    private ValueText() {}

    static String of(Object value) {
        ValueText text = new ValueText();
        text.append(value);
        return text.text.toString();
    }

    private void append(@Nullable Object value) {
        switch (value) {
            case null -> text.append("null");
            case byte[] bytes ->
                    text.append(
                            "java.nio.HeapByteBuffer[pos=0 lim=%1$d cap=%1$d]"
                                    .formatted(bytes.length));
            case List<?> list -> list(list);
            case Map<?, ?> map -> map(map);
            case Shape shape -> shape.write(this);
            default -> text.append(value);
        }
        if (isFull()) {
            text.setLength(CHARS_MAX);
        }
    }

    private boolean isFull() {
        return text.length() >= CHARS_MAX;
    }

    private void list(List<?> list) {
        text.append('[');
        String separator = "";
        for (Object element : list) {
            if (isFull()) {
                return;
            }
            text.append(separator);
            append(element);
            separator = ", ";
        }
        text.append(']');
    }

    private void map(Map<?, ?> map) {
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (isFull()) {
                return;
            }
            text.append(separator).append(entry.getKey()).append('=');
            append(entry.getValue());
            separator = ", ";
        }
        text.append('}');
    }

    @Override
    public void begin(Schema<?> schema) {
        text.append(schema.name()).append('(');
    }

    @Override
    public void end() {
        text.append(')');
    }

    private void member(Member member, @Nullable Object value) {
        if (isFull()) {
            return;
        }
        text.append(member.index() > 0 ? ", " : "").append(member.path()).append('=');
        append(member.sensitive() && value != null ? "***" : value);
    }

    @Override
    public void string(Member member, @Nullable String value) {
        member(member, value);
    }

    @Override
    public void bool(Member member, @Nullable Boolean value) {
        member(member, value);
    }

    @Override
    public void integer(Member member, @Nullable Integer value) {
        member(member, value);
    }

    @Override
    public void longInteger(Member member, @Nullable Long value) {
        member(member, value);
    }

    @Override
    public void floatNumber(Member member, @Nullable Float value) {
        member(member, value);
    }

    @Override
    public void doubleNumber(Member member, @Nullable Double value) {
        member(member, value);
    }

    @Override
    public void blob(Member member, byte @Nullable [] value) {
        member(member, value);
    }

    @Override
    public void timestamp(Member member, @Nullable Instant value) {
        member(member, value);
    }

    @Override
    public void structure(Member member, @Nullable Shape value) {
        member(member, value);
    }

    @Override
    public <T> void list(Member member, @Nullable List<T> value, ElementWriter<? super T> element) {
        member(member, value);
    }

    @Override
    public <T> void map(
            Member member, @Nullable Map<String, T> value, ElementWriter<? super T> element) {
        member(member, value);
    }
}
