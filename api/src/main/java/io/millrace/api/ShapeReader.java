package io.millrace.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Reads shapes from one protocol's bytes. A structure's `read` calls [#begin], then [#next] until
/// it answers -1, and after each index the one method that fits that member's kind.
///
/// Every method throws [SerializationFailure] where the input cannot be what the model says.
public interface ShapeReader {

    /// Reads one element of a list, or one value of a map.
    @FunctionalInterface
    interface ElementReader<T> {
        T read(ShapeReader reader, Member element);
    }

    void begin(Schema<?> schema);

    /// Notes a refusal for the end of the request; the first one counts.
    void defer(InvalidMember refusal);

    /// The index of the next member that is present, or -1 at the structure's end. Unknown members
    /// are skipped, and so are those that are null.
    int next(Schema<?> schema);

    String string(Member member);

    Boolean bool(Member member);

    Integer integer(Member member);

    Long longInteger(Member member);

    Float floatNumber(Member member);

    Double doubleNumber(Member member);

    byte[] blob(Member member);

    Instant timestamp(Member member);

    /// A null in a list is kept as null: the constraint check refuses it, where it is known which
    /// element it was.
    <T> List<T> list(Member member, ElementReader<T> element);

    /// In the input's order; of equal keys the last one counts. Entries that are null are kept, as
    /// in lists.
    <T> Map<String, T> map(Member member, ElementReader<T> value);
}
