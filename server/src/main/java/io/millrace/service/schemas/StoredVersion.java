package io.millrace.service.schemas;

/// One version of a schema. Never changes.
///
/// @param type `OpenApi3` or `JSONSchemaDraft4`
/// @param content a JSON text, as it came
record StoredVersion(long number, String type, String content, long createdMillis) {

    static final String OPEN_API = "OpenApi3";
    static final String JSON_SCHEMA = "JSONSchemaDraft4";

    String version() {
        return Long.toString(number);
    }
}
