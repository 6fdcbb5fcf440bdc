package io.millrace.api;

/// What a member holds, in the model's own division.
public enum Kind {
    STRING,
    BOOLEAN,
    INTEGER,
    LONG,
    FLOAT,
    DOUBLE,
    BLOB,
    TIMESTAMP,
    LIST,
    MAP,
    STRUCTURE
}
