package io.millrace.api;

/// The input or output of an operation that has none.
public record Unit() implements Shape {

    public static final Schema<Unit> SCHEMA = Schema.of("Unit", Unit::read);
    public static final Unit UNIT = new Unit();

    public static Unit read(ShapeReader reader) {
        reader.begin(SCHEMA);
        if (reader.next(SCHEMA) >= 0) {
            throw new IllegalStateException("a member in an empty shape");
        }
        return UNIT;
    }

    @Override
    public Schema<Unit> schema() {
        return SCHEMA;
    }

    @Override
    public void write(ShapeWriter writer) {
        writer.begin(SCHEMA);
        writer.end();
    }
}
