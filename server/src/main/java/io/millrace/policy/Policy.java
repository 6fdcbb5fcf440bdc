package io.millrace.policy;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// A policy: of a resource, who may do what to it; of an identity, what that may do. Immutable.
///
/// @param text the normal form: without whitespace, members in a fixed order, lists of one as the
///   one, accounts as ARNs. Policies that mean the same often have the same
/// @param keyServices the prefixes of all condition keys, as `aws` and `sqs`, in lower case
/// @param asksForTags whether some condition key is a tag of the resource
public record Policy(
        String text, List<Statement> statements, Set<String> keyServices, boolean asksForTags) {

    private record Kept(String text, PolicyKind kind, Policy policy) {}

    /// What stands before a tag's name in the key of a condition, behind the service.
    public static final String RESOURCE_TAG = "resourcetag/";

    private static final int CACHE_SLOTS = 512;
    private static final AtomicReferenceArray<@Nullable Kept> CACHE =
            new AtomicReferenceArray<>(CACHE_SLOTS);

    public Policy {
        statements = List.copyOf(statements);
        keyServices = Set.copyOf(keyServices);
    }

    static Policy of(String text, List<Statement> statements) {
        Set<String> services = new LinkedHashSet<>();
        boolean tags = false;
        for (String key : keys(statements)) {
            String lower = key.toLowerCase(Locale.ROOT);
            int colon = lower.indexOf(':');
            services.add(lower.substring(0, Math.max(0, colon)));
            tags |= lower.startsWith(RESOURCE_TAG, colon + 1);
        }
        return new Policy(text, statements, services, tags);
    }

    /// Reads a policy.
    ///
    /// @throws PolicyException when the text is not a policy, or names what cannot be evaluated
    public static Policy parse(String text) throws PolicyException {
        return parse(text, PolicyKind.RESOURCE);
    }

    /// Reads a policy of a kind.
    ///
    /// @throws PolicyException when the text is not a policy, or names what cannot be evaluated
    public static Policy parse(String text, PolicyKind kind) throws PolicyException {
        return PolicyReader.read(text, kind);
    }

    /// Reads a resource's policy that was accepted before, from a small cache. What cannot be read
    /// any more denies everything, see [UnreadablePolicy]. Thread-safe.
    public static Policy kept(String text) {
        return kept(text, PolicyKind.RESOURCE);
    }

    /// Reads a policy that was accepted before, from a small cache. What cannot be read any more
    /// denies everything, see [UnreadablePolicy]. Thread-safe.
    public static Policy kept(String text, PolicyKind kind) {
        int slot = text.hashCode() & CACHE_SLOTS - 1;
        Kept kept = CACHE.get(slot); // a race costs a parsing, nothing else
        if (kept == null || kept.kind != kind || !kept.text.equals(text)) {
            kept = new Kept(text, kind, readOrDeny(text, kind));
            CACHE.set(slot, kept);
        }
        return kept.policy;
    }

    private static Policy readOrDeny(String text, PolicyKind kind) {
        try {
            return parse(text, kind);
        } catch (PolicyException e) {
            return UnreadablePolicy.of(text, kind, e);
        }
    }

    /// What it says of a request.
    public Decision evaluate(Access access) {
        Decision decision = Decision.IMPLICIT_DENY;
        for (Statement statement : statements) {
            if (statement.isAbout(access)) {
                if (!statement.allows()) {
                    return Decision.EXPLICIT_DENY;
                }
                decision = Decision.ALLOW;
            }
        }
        return decision;
    }

    /// Whether a statement lets anyone in without a condition.
    public boolean grantsUnbounded() {
        return statements.stream().anyMatch(Statement::grantsUnbounded);
    }

    /// All actions that are named, patterns too.
    public Set<String> actions() {
        Set<String> actions = new LinkedHashSet<>();
        statements.forEach(statement -> actions.addAll(statement.actions()));
        return actions;
    }

    /// The most actions that one statement names.
    public int actionCountMax() {
        return statements.stream().mapToInt(each -> each.actions().size()).max().orElse(0);
    }

    /// How many principals the statements name, all together.
    public int principalCount() {
        return statements.stream().mapToInt(each -> each.principals().count()).sum();
    }

    /// How many conditions the statements have, all together.
    public int conditionCount() {
        return statements.stream().mapToInt(each -> each.conditions().size()).sum();
    }

    /// All resources that are named, patterns too.
    public Set<String> resources() {
        Set<String> resources = new LinkedHashSet<>();
        statements.forEach(statement -> resources.addAll(statement.resources()));
        return resources;
    }

    /// Whether each statement names one resource, and that stands for this one.
    public boolean isOnlyAbout(String resource) {
        return statements.stream()
                .allMatch(statement ->
                        statement.resources().size() == 1
                                && !statement.exceptResources()
                                && Wildcards.match(statement.resources().getFirst(), resource));
    }

    /// How many principals the statement with the most of them names.
    public int principalCountMax() {
        return statements.stream()
                .mapToInt(statement ->
                        statement.principals().byType().values().stream()
                                .mapToInt(List::size)
                                .sum())
                .max()
                .orElse(0);
    }

    /// The keys of all conditions.
    public Set<String> conditionKeys() {
        Set<String> keys = new LinkedHashSet<>();
        for (Statement statement : statements) {
            statement.conditions().forEach(condition -> keys.add(condition.key()));
        }
        return keys;
    }

    /// The condition keys that decide on a request: those of conditions and variables in statements
    /// that are about its action and its resource.
    public Set<String> keysFor(Access access) {
        Set<String> keys = new LinkedHashSet<>();
        for (Statement statement : statements) {
            if (statement.isFor(access)
                    && statement.isOnAction(access)
                    && statement.hasResource(access)) {
                collectKeys(statement, keys);
            }
        }
        return keys;
    }

    /// The condition keys of all conditions and variables.
    public Set<String> keys() {
        return keys(statements);
    }

    private static Set<String> keys(List<Statement> statements) {
        Set<String> keys = new LinkedHashSet<>();
        statements.forEach(statement -> collectKeys(statement, keys));
        return keys;
    }

    private static void collectKeys(Statement statement, Set<String> keys) {
        for (Condition condition : statement.conditions()) {
            keys.add(condition.key());
            if (statement.variables()) {
                condition.values().forEach(value -> keys.addAll(Variables.keys(value)));
            }
        }
        if (statement.variables()) {
            statement.resources().forEach(each -> keys.addAll(Variables.keys(each)));
        }
    }
}
