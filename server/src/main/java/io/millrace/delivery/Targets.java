package io.millrace.delivery;

import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;

import java.util.Map;

/// Finds the target of an ARN: where services meet. Immutable; services that are targets are made
/// first, those that only send get it as an argument.
public final class Targets {
    private final Map<String, StoreTarget> byService;

    /// @param byService the targets by the service name in their ARNs, as `sqs`
    public Targets(Map<String, StoreTarget> byService) {
        this.byService = Map.copyOf(byService);
    }

    public boolean has(Arn target) {
        return byService.containsKey(target.service());
    }

    public StoreTarget.Outcome deliver(Transaction transaction, Arn target, Message message) {
        StoreTarget found = byService.get(target.service());
        if (found == null) {
            return new StoreTarget.Outcome.Refused(
                    "NO_RESOURCE", "Millrace has no target behind " + target + ".");
        }
        return found.deliver(transaction, target, message);
    }
}
