package io.millrace.policy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A policy of a resource: who may do what to it. Immutable.
///
/// @param text the normal form: without whitespace, members in a fixed order, lists of one as the
///   one, accounts as ARNs. Policies that mean the same often have the same
public record Policy(String text, List<Statement> statements) {

    public Policy {
        statements = List.copyOf(statements);
    }

    /// Reads a policy.
    ///
    /// @throws PolicyException when the text is not a policy, or names what cannot be evaluated
    public static Policy parse(String text) throws PolicyException {
        return PolicyReader.read(text);
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

    /// All resources that are named, patterns too.
    public Set<String> resources() {
        Set<String> resources = new LinkedHashSet<>();
        statements.forEach(statement -> resources.addAll(statement.resources()));
        return resources;
    }

    /// The keys of all conditions.
    public Set<String> conditionKeys() {
        Set<String> keys = new LinkedHashSet<>();
        for (Statement statement : statements) {
            statement.conditions().forEach(condition -> keys.add(condition.key()));
        }
        return keys;
    }
}
