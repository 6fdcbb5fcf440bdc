package io.millrace.policy;

import java.util.ArrayList;
import java.util.List;

/// Why a statement is about a request, or is not, in words.
///
/// @param matches whether it is
/// @param reasons of a statement that is not, all that keep it from it
public record Explanation(boolean matches, List<String> reasons) {

    /// Explains one statement.
    public static Explanation of(Statement statement, Access access) {
        List<String> reasons = new ArrayList<>();
        if (!statement.isFor(access)) {
            reasons.add(
                    (statement.exceptPrincipals() ? "NotPrincipal leaves out " : "it is not about ")
                            + access.principalArn());
        }
        if (!statement.isOnAction(access)) {
            reasons.add(
                    (statement.exceptActions() ? "NotAction leaves out " : "Action ")
                            + statement.actions()
                            + (statement.exceptActions() ? ", as which counts " : " is not ")
                            + access.action());
        }
        if (!statement.hasResource(access)) {
            reasons.add(
                    (statement.exceptResources() ? "NotResource leaves out " : "Resource ")
                            + statement.resources()
                            + (statement.exceptResources() ? ", as which counts " : " is not ")
                            + access.resource()
                            + unresolved(statement.resources(), statement, access));
        }
        for (Condition condition : statement.conditions()) {
            if (!statement.holds(condition, access)) {
                List<String> asked = access.values(condition.key());
                reasons.add(
                        "the condition "
                                + condition.words()
                                + " does not hold: the request has "
                                + (asked.isEmpty() ? "no such key" : asked)
                                + unresolved(condition.values(), statement, access));
            }
        }
        return new Explanation(reasons.isEmpty(), reasons);
    }

    /// What to say of variables that have no value.
    private static String unresolved(List<String> texts, Statement statement, Access access) {
        StringBuilder told = new StringBuilder();
        for (String text : statement.variables() ? texts : List.<String>of()) {
            for (String key : Variables.keys(text)) {
                if (access.values(key).size() != 1) {
                    told.append("; ${").append(key).append("} has no one value");
                }
            }
        }
        if (!statement.variables() && texts.stream().anyMatch(each -> each.contains("${"))) {
            told.append("; variables need \"Version\": \"2012-10-17\"");
        }
        return told.toString();
    }
}
