package io.millrace.policy;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One line of a statement's conditions: an operator, a key, and the values that it may have.
///
/// @param qualifier how several values of the request count
/// @param ifExists whether it holds when the request has no such key
record Condition(
        Qualifier qualifier,
        ConditionOperator operator,
        boolean ifExists,
        String key,
        List<String> values) {

    enum Qualifier {
        NONE(""),
        ALL("ForAllValues:"),
        ANY("ForAnyValue:");

        private final String prefix;

        Qualifier(String prefix) {
            this.prefix = prefix;
        }
    }

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([a-zA-Z:]+)}");
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

    boolean holds(Access access) {
        List<String> asked = access.values(key);
        if (operator == ConditionOperator.NULL) {
            return values.contains(String.valueOf(asked.isEmpty()));
        }
        if (asked.isEmpty()) {
            return ifExists || qualifier == Qualifier.ALL || excludes();
        }
        return switch (qualifier) {
            case ALL -> asked.stream().allMatch(each -> matches(each, access));
            case ANY, NONE ->
                    excludes()
                            ? asked.stream().allMatch(each -> matches(each, access))
                            : asked.stream().anyMatch(each -> matches(each, access));
        };
    }

    private boolean excludes() {
        return operator.negated() && qualifier == Qualifier.NONE;
    }

    /// Several values of a condition are alternatives, or all excluded when it is negated.
    private boolean matches(String asked, Access access) {
        boolean any =
                values.stream().anyMatch(value -> operator.test(resolved(value, access), asked));
        return operator.negated() != any;
    }

    /// The value with its variables, such as `${aws:PrincipalAccount}`, replaced; one that the
    /// request does not have stays, and so matches nothing. Source: [policy
    /// variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
    private static String resolved(String value, Access access) {
        if (!value.contains("${")) {
            return value;
        }
        return VARIABLE.matcher(value)
                .replaceAll(variable -> {
                    List<String> known = access.values(variable.group(1));
                    return Matcher.quoteReplacement(
                            known.size() == 1 ? known.getFirst() : variable.group());
                });
    }
}
