package io.millrace.service.schemas;

/// That code was asked for in a language; the code itself is made of the schema's version whenever
/// it is fetched, always the same.
record StoredBinding(String language, long createdMillis, long modifiedMillis) {}
