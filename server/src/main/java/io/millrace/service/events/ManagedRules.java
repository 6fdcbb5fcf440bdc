package io.millrace.service.events;

import io.millrace.api.events.EventsApi;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

/// Rules that a service has made on an account's bus: the account sees them, and changes them only
/// by `Force`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html).
final class ManagedRules {

    /// Who makes the rules of archives.
    static final String OF_ARCHIVES = "prod.vhs.events.aws.internal";

    /// Who makes the rules by which the buses of a global endpoint replicate.
    static final String OF_ENDPOINTS = "events.amazonaws.com";

    private ManagedRules() {}

    static boolean isOfArchive(StoredRule rule) {
        return OF_ARCHIVES.equals(rule.managedBy());
    }

    /// Refuses to change a managed rule.
    ///
    /// @throws ServiceException when it is one and `force` is not true
    static void refuse(StoredRule rule, @Nullable Boolean force) {
        if (rule.isManaged() && !Boolean.TRUE.equals(force)) {
            throw new ServiceException(
                    EventsApi.Errors.MANAGED_RULE_EXCEPTION,
                    rule.name() + " is a managed rule. Set 'force' parameter to true to override.");
        }
    }
}
