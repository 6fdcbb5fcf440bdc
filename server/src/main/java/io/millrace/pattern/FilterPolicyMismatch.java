package io.millrace.pattern;

/// Why a filter policy did not match: the first key that failed.
///
/// @param key the key's path, its parts joined by dots; empty when the input has no form that could
///   be filtered
/// @param expected the conditions of the policy, as JSON
/// @param actual the values in the message, as JSON; `absent` when there are none
public record FilterPolicyMismatch(String key, String expected, String actual) {}
