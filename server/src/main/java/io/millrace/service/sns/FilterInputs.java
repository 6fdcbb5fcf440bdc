package io.millrace.service.sns;

import io.millrace.pattern.FilterPolicyInput;
import io.millrace.pattern.FilterPolicyScope;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/// What the filter policies of subscriptions are matched against: a publication's attributes, and
/// its bodies by protocol. Each is laid flat once. Not thread-safe.
final class FilterInputs {
    private final Publication publication;
    private final Map<String, FilterPolicyInput> byBody = new HashMap<>();
    private @Nullable FilterPolicyInput attributes;

    FilterInputs(Publication publication) {
        this.publication = publication;
    }

    FilterPolicyInput of(FilterPolicyScope scope, String protocol) {
        return switch (scope) {
            case MESSAGE_ATTRIBUTES -> attributes();
            case MESSAGE_BODY ->
                    byBody.computeIfAbsent(publication.body(protocol), FilterPolicyInput::ofBody);
        };
    }

    private FilterPolicyInput attributes() {
        FilterPolicyInput input = attributes;
        if (input == null) {
            Map<String, FilterPolicyInput.Attribute> seen = new HashMap<>();
            publication
                    .attributes()
                    .forEach((name, attribute) -> {
                        String value = attribute.stringValue();
                        if (value != null) { // policies do not see binary ones
                            seen.put(
                                    name,
                                    new FilterPolicyInput.Attribute(attribute.dataType(), value));
                        }
                    });
            input = FilterPolicyInput.ofAttributes(seen);
            attributes = input;
        }
        return input;
    }
}
