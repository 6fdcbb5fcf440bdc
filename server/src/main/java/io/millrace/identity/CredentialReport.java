package io.millrace.identity;

/// An account's users and access keys, as they were at a time.
///
/// @param content as CSV
public record CredentialReport(long generatedMillis, byte[] content) {}
