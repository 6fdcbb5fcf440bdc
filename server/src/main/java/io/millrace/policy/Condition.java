package io.millrace.policy;

import java.util.List;

/// One line of a statement's conditions: an operator, a key, and the values that it may have.
///
/// @param qualifier how several values of the request count
/// @param ifExists whether it holds when the request has no such key
public record Condition(
        Qualifier qualifier,
        ConditionOperator operator,
        boolean ifExists,
        String key,
        List<String> values) {

    /// How several values of a request count.
    public enum Qualifier {
        NONE(""),
        ALL("ForAllValues:"),
        ANY("ForAnyValue:");

        private final String prefix;

        Qualifier(String prefix) {
            this.prefix = prefix;
        }
    }

    private static final String IF_EXISTS = "IfExists";

    /// @param name of the operator, as `ForAnyValue:StringLikeIfExists`
    /// @throws PolicyException when there is no such operator
    static Condition of(String name, String key, List<String> values) throws PolicyException {
        Qualifier qualifier = Qualifier.NONE;
        String rest = name;
        for (Qualifier each : List.of(Qualifier.ALL, Qualifier.ANY)) {
            if (name.startsWith(each.prefix)) {
                qualifier = each;
                rest = name.substring(each.prefix.length());
            }
        }
        boolean ifExists = rest.endsWith(IF_EXISTS);
        if (ifExists) {
            rest = rest.substring(0, rest.length() - IF_EXISTS.length());
        }
        ConditionOperator operator = ConditionOperator.named(rest);
        if (operator == null) {
            throw new PolicyException("Invalid Condition type : " + name);
        }
        return new Condition(qualifier, operator, ifExists, key, values);
    }

    /// @param variables whether values may have variables
    boolean holds(Access access, boolean variables) {
        List<String> asked = access.values(key);
        if (operator == ConditionOperator.NULL) {
            String absent = String.valueOf(asked.isEmpty());
            return values.stream().anyMatch(absent::equalsIgnoreCase);
        }
        if (asked.isEmpty()) {
            return ifExists || qualifier == Qualifier.ALL || excludes();
        }
        boolean all = qualifier == Qualifier.ALL || excludes();
        return all
                ? asked.stream().allMatch(each -> matches(each, access, variables))
                : asked.stream().anyMatch(each -> matches(each, access, variables));
    }

    private boolean excludes() {
        return operator.negated() && qualifier == Qualifier.NONE;
    }

    /// Several values of a condition are alternatives, or all excluded when it is negated. A
    /// variable that has no value equals nothing.
    private boolean matches(String asked, Access access, boolean variables) {
        boolean any = false;
        for (String value : values) {
            boolean replaced = variables && operator.hasVariables();
            String resolved = replaced ? Variables.resolve(value, access) : value;
            any |= resolved != null && operator.test(resolved, asked);
        }
        return operator.negated() != any;
    }

    /// As it stands in a policy: `StringLike aws:username [a*, b*]`.
    String words() {
        return qualifier.prefix
                + operator.word()
                + (ifExists ? IF_EXISTS : "")
                + " "
                + key
                + " "
                + values;
    }
}
