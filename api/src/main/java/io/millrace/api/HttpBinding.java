package io.millrace.api;

/// The request line and the status of an operation in a REST protocol.
///
/// @param path a template such as `/schedules/{Name}`; a label is one segment
/// @param status of success
public record HttpBinding(String method, String path, int status) {}
