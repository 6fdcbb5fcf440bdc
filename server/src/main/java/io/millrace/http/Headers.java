package io.millrace.http;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// The header fields of a request. Names are given in lower case.
public interface Headers {

    /// Headers from a map with names in lower case.
    static Headers of(Map<String, List<String>> values) {
        Map<String, List<String>> copy = Map.copyOf(values);
        return name -> copy.getOrDefault(name, List.of());
    }

    /// The values of a field, in the order in which they came; empty when it is absent.
    List<String> all(String name);

    /// The first value of a field.
    default @Nullable String first(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.getFirst();
    }
}
