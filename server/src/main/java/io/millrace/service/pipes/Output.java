package io.millrace.service.pipes;

/// What a target is to get of an event.
///
/// @param payload the text
/// @param event what the target's parameters are read from
record Output(String payload, PipeEvent event) {}
