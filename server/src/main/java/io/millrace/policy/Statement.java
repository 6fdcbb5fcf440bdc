package io.millrace.policy;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/// One statement of a policy.
///
/// @param exceptPrincipals whether the principals are those whom it is not about
/// @param exceptActions whether the actions are those that it is not about
/// @param exceptResources whether the resources are those that it is not about
/// @param variables whether its policy is of the version that has variables
public record Statement(
        @Nullable String sid,
        boolean allows,
        boolean exceptPrincipals,
        Principals principals,
        boolean exceptActions,
        List<String> actions,
        boolean exceptResources,
        List<String> resources,
        List<Condition> conditions,
        boolean variables) {

    private static final String ARN = "arn:";
    private static final int ARN_PARTS = 6;

    boolean isAbout(Access access) {
        return isFor(access)
                && hasAction(access.action()) != exceptActions
                && hasResource(access)
                && conditions.stream().allMatch(condition -> holds(condition, access));
    }

    /// Whether it is about who asks.
    boolean isFor(Access access) {
        return exceptPrincipals ? !principals.leaveOut(access) : principals.include(access);
    }

    /// How near its principal is to who asks.
    Principals.Nearness nearness(Access access) {
        return exceptPrincipals ? Principals.Nearness.DIRECT : principals.nearness(access);
    }

    /// Whether it names the action, or does not leave it out.
    boolean isOnAction(Access access) {
        return hasAction(access.action()) != exceptActions;
    }

    private boolean hasAction(String action) {
        String lower = action.toLowerCase(Locale.ROOT);
        for (String each : actions) {
            if (Wildcards.match(each.toLowerCase(Locale.ROOT), lower)) {
                return true;
            }
        }
        return false;
    }

    /// Whether it names the resource, or does not leave it out. A variable that has no value names
    /// nothing, and leaves nothing out.
    boolean hasResource(Access access) {
        boolean named = false;
        for (String each : resources) {
            String pattern = variables ? Variables.resolve(each, access) : each;
            named |= pattern != null && isResource(pattern, access.resource());
        }
        return named != exceptResources;
    }

    /// Parts that are missing at the end of an ARN may be any.
    private static boolean isResource(String pattern, String resource) {
        if (Wildcards.match(pattern, resource)) {
            return true;
        }
        if (!pattern.startsWith(ARN)) {
            return false;
        }
        int missing = ARN_PARTS - pattern.split(":", ARN_PARTS).length;
        return missing > 0 && Wildcards.match(pattern + ":*".repeat(missing), resource);
    }

    boolean holds(Condition condition, Access access) {
        return condition.holds(access, variables);
    }

    /// Whether it lets anyone in without a condition.
    boolean grantsUnbounded() {
        return allows && conditions.isEmpty() && (principals.everyone() || exceptPrincipals);
    }
}
