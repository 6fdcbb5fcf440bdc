package io.millrace.service.logs;

/// A resource policy's record.
record StoredPolicy(String name, String document, long updatedMillis) {}
