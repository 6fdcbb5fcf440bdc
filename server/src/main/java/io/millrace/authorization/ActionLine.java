package io.millrace.authorization;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// One line of an [ActionTable]: an action that an operation needs.
///
/// @param each the list of whose elements each needs it; null for once
/// @param condition the path to a member without which nothing is needed; null when always
/// @param keys condition keys in lower case, and what their values are
record ActionLine(
        String action,
        Template resource,
        @Nullable String each,
        @Nullable String condition,
        Map<String, Template> keys) {}
