package io.millrace.service.sns;

import io.millrace.pattern.FilterPolicies;
import io.millrace.pattern.FilterPolicyIndex;
import io.millrace.pattern.FilterPolicyScope;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A topic's subscriptions that have a filter policy: finds those that a publication is for without
/// trying each. Policies that are the same are matched once. Several threads may match at once
/// while none changes it.
final class SubscriptionIndex {

    /// @param protocol decides on the body that is looked at; empty for attributes
    record Filter(FilterPolicyScope scope, String protocol, String policy) {

        /// Null for a subscription without a policy, or that is not confirmed.
        static @Nullable Filter of(Subscription subscription) {
            String policy = subscription.filterPolicy();
            if (policy == null || !subscription.confirmed()) {
                return null;
            }
            FilterPolicyScope scope = SubscriptionAttributes.scope(subscription.attributes());
            boolean isBody = scope == FilterPolicyScope.MESSAGE_BODY;
            return new Filter(scope, isBody ? subscription.protocol() : "", policy);
        }
    }

    private record View(FilterPolicyScope scope, String protocol) {}

    private final FilterPolicies compiled;
    private final Map<String, Filter> byId = new HashMap<>();
    private final Map<Filter, Set<String>> ids = new HashMap<>();
    private final Map<View, FilterPolicyIndex<Filter>> byView = new HashMap<>();

    SubscriptionIndex(FilterPolicies compiled) {
        this.compiled = compiled;
    }

    int size() {
        return byId.size();
    }

    /// @param filter null to remove the subscription
    void put(String id, @Nullable Filter filter) {
        Filter before = filter == null ? byId.remove(id) : byId.put(id, filter);
        if (before != null && !before.equals(filter)) {
            remove(id, before);
        }
        if (filter != null && !filter.equals(before)) {
            add(id, filter);
        }
    }

    private void add(String id, Filter filter) {
        Set<String> same = ids.computeIfAbsent(filter, _ -> new HashSet<>(2));
        if (same.isEmpty()) {
            byView.computeIfAbsent(
                            new View(filter.scope, filter.protocol), _ -> new FilterPolicyIndex<>())
                    .put(filter, compiled.compiled(filter.policy, filter.scope));
        }
        same.add(id);
    }

    private void remove(String id, Filter filter) {
        Set<String> same = ids.getOrDefault(filter, Set.of());
        same.remove(id);
        if (same.isEmpty()) {
            ids.remove(filter);
            View view = new View(filter.scope, filter.protocol);
            FilterPolicyIndex<Filter> index = byView.get(view);
            if (index != null) {
                index.remove(filter);
                if (index.size() == 0) {
                    byView.remove(view);
                }
            }
        }
    }

    /// The ids of those that the publication is for, in order.
    List<String> match(FilterInputs inputs) {
        List<String> matched = new ArrayList<>();
        byView.forEach((view, index) -> {
            for (Filter filter : index.match(inputs.of(view.scope, view.protocol))) {
                matched.addAll(ids.getOrDefault(filter, Set.of()));
            }
        });
        Collections.sort(matched);
        return matched;
    }
}
