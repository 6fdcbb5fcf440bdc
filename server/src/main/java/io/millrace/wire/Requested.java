package io.millrace.wire;

import java.util.List;
import java.util.Map;

/// One thing that a request asks to be allowed.
///
/// @param action as policies name it, `dynamodb:PutItem`
/// @param resource its ARN, or `*` where an action is about no one resource
/// @param context condition keys of this access alone, by their names in lower case
public record Requested(String action, String resource, Map<String, List<String>> context) {

    public Requested {
        context = Map.copyOf(context);
    }

    public Requested(String action, String resource) {
        this(action, resource, Map.of());
    }
}
