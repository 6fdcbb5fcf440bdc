package io.millrace.policy;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/// One statement of a policy.
///
/// @param exceptPrincipals whether the principals are those whom it is not about
/// @param exceptActions whether the actions are those that it is not about
/// @param exceptResources whether the resources are those that it is not about
record Statement(
        @Nullable String sid,
        boolean allows,
        boolean exceptPrincipals,
        Principals principals,
        boolean exceptActions,
        List<String> actions,
        boolean exceptResources,
        List<String> resources,
        List<Condition> conditions) {

    boolean isAbout(Access access) {
        return principals.include(access) != exceptPrincipals
                && hasAction(access.action()) != exceptActions
                && hasResource(access.resource()) != exceptResources
                && conditions.stream().allMatch(condition -> condition.holds(access));
    }

    private boolean hasAction(String action) {
        String lower = action.toLowerCase(Locale.ROOT);
        return actions.stream()
                .anyMatch(each -> Wildcards.match(each.toLowerCase(Locale.ROOT), lower));
    }

    private boolean hasResource(String resource) {
        return resources.stream().anyMatch(each -> Wildcards.match(each, resource));
    }

    /// Whether it lets anyone in without a condition.
    boolean grantsUnbounded() {
        return allows && conditions.isEmpty() && (principals.everyone() || exceptPrincipals);
    }
}
