package io.millrace.policy;

/// A policy, and where it comes from.
///
/// @param name by which answers and logs call it, as `identity policy 1`
public record SourcedPolicy(Layer layer, String name, Policy policy) {}
