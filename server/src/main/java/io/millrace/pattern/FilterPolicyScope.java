package io.millrace.pattern;

import java.util.Optional;

/// What a filter policy looks at: a subscription's attribute `FilterPolicyScope`.
public enum FilterPolicyScope {
    MESSAGE_ATTRIBUTES("MessageAttributes"),
    MESSAGE_BODY("MessageBody");

    private final String text;

    FilterPolicyScope(String text) {
        this.text = text;
    }

    /// As the API writes it.
    public String text() {
        return text;
    }

    /// Empty when `text` names no scope.
    public static Optional<FilterPolicyScope> of(String text) {
        for (FilterPolicyScope scope : values()) {
            if (scope.text.equals(text)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
