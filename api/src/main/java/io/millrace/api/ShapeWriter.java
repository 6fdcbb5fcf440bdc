package io.millrace.api;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Is shown the members of a shape, one by one: writes them in one protocol, or checks them. Absent
/// members are shown as null.
public interface ShapeWriter {

    /// Shows one element of a list, or one value of a map.
    @FunctionalInterface
    interface ElementWriter<T> {
        void write(ShapeWriter writer, Member element, @Nullable T value);
    }

    void begin(Schema<?> schema);

    void end();

    void string(Member member, @Nullable String value);

    void bool(Member member, @Nullable Boolean value);

    void integer(Member member, @Nullable Integer value);

    void longInteger(Member member, @Nullable Long value);

    void floatNumber(Member member, @Nullable Float value);

    void doubleNumber(Member member, @Nullable Double value);

    void blob(Member member, byte @Nullable [] value);

    void timestamp(Member member, @Nullable Instant value);

    void structure(Member member, @Nullable Shape value);

    <T> void list(Member member, @Nullable List<T> value, ElementWriter<? super T> element);

    <T> void map(Member member, @Nullable Map<String, T> value, ElementWriter<? super T> element);
}
