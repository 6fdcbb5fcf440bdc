package io.millrace.api;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// A value as it stands in a message: scalars as they are, lists as `[a, b]`, maps as `{k=v}`,
/// structures by their name. Cut off at [#CHARS_MAX], after which nothing is looked at any more.
final class ValueText {
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
                    text.append("java.nio.HeapByteBuffer[pos=0 lim=")
                            .append(bytes.length)
                            .append(" cap=")
                            .append(bytes.length)
                            .append(']');
            case List<?> list -> list(list);
            case Map<?, ?> map -> map(map);
            case Shape shape -> text.append(shape.schema().name());
            default -> text.append(value);
        }
        if (text.length() > CHARS_MAX) {
            text.setLength(CHARS_MAX);
        }
    }

    private void list(List<?> list) {
        text.append('[');
        String separator = "";
        for (Object element : list) {
            if (text.length() >= CHARS_MAX) {
                break;
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
            if (text.length() >= CHARS_MAX) {
                break;
            }
            text.append(separator).append(entry.getKey()).append('=');
            append(entry.getValue());
            separator = ", ";
        }
        text.append('}');
    }
}
