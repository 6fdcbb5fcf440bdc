package io.millrace.service.logs;

/// A log stream's record.
///
/// @param number its internal number, in the keys of its events
record StoredStream(String name, long number, long createdMillis) {}
