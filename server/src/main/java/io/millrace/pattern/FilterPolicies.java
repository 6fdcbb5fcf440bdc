package io.millrace.pattern;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Compiled policies by their text: a bounded cache, for policies that are read from the store at
/// each use. Thread-safe.
public final class FilterPolicies {
    private static final int POLICIES_MAX = 8192;

    private record Key(String json, FilterPolicyScope scope) {}

    private final Map<Key, FilterPolicy> compiled = new ConcurrentHashMap<>();

    /// The policy, compiled now or before.
    ///
    /// @param json a policy that was accepted before
    public FilterPolicy compiled(String json, FilterPolicyScope scope) {
        Key key = new Key(json, scope);
        FilterPolicy policy = compiled.get(key);
        if (policy == null) {
            policy = compile(key);
            if (compiled.size() >= POLICIES_MAX) {
                compiled.clear(); // rare, and what is in use comes back at its next use
            }
            compiled.put(key, policy);
        }
        return policy;
    }

    private static FilterPolicy compile(Key key) {
        try {
            return FilterPolicy.ofValid(key.json, key.scope);
        } catch (FilterPolicyException e) {
            throw new IllegalStateException("a stored filter policy is not valid", e);
        }
    }
}
