package io.millrace.api;

/// A structure of a service model: one generated record per shape.
///
/// Members are boxed; `null` means absent. Required members are declared non-null, which holds once
/// [Constraints#check] has passed. Lists and maps are not copied: treat them as immutable.
public interface Shape {

    Schema<?> schema();

    /// Shows every member to the writer, absent ones as `null`, in the model's order.
    void write(ShapeWriter writer);
}
