package io.millrace.service.sqs;

/// An entry of a queue's ready or due list that a receive may find still there.
///
/// @param dueMillis 0 for an entry of the ready list
record Candidate(byte[] key, byte[] value, long dueMillis) {}
