package io.millrace.service.events;

import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.policy.Policy;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who may do what with a bus: in its own account everything that its policy does not deny, from
/// other accounts nothing that it does not allow. Source:
/// [permissions](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html).
///
/// @param principal how a refusal calls whoever asks
/// @param isOwn whether that is of the account of the bus
/// @param accesses how policies know it: one, or a rule as its account or role and as the service
record BusAccess(
        String principal, String action, String resource, boolean isOwn, List<Access> accesses) {

    private static final String PUT_EVENTS = "events:PutEvents";
    private static final String SERVICE = "events.amazonaws.com";
    private static final String SOURCE = "events:source";
    private static final String DETAIL_TYPE = "events:detail-type";
    private static final String INVOCATION = "events:eventbusinvocation";
    private static final String CREATOR = "events:creatoraccount";

    /// The condition keys that only EventBridge's requests have, in lower case.
    static final Set<String> KEYS = Set.of(SOURCE, DETAIL_TYPE, INVOCATION, CREATOR);

    /// An operation on a bus, or on a rule.
    ///
    /// @param creator the account that made the rule; null when no rule is meant
    static BusAccess to(
            Caller caller, String operation, BusName bus, Arn resource, @Nullable String creator) {
        String action = "events:" + operation;
        Access access = Access.of(caller, action, resource);
        return new BusAccess(
                caller.principalArn(),
                action,
                resource.toString(),
                caller.accountId().equals(bus.accountId()),
                List.of(creator == null ? access : access.with(CREATOR, creator)));
    }

    /// `PutEvents` with one entry.
    static BusAccess toPut(Caller caller, BusName bus, EventEnvelope event) {
        return new BusAccess(
                caller.principalArn(),
                PUT_EVENTS,
                bus.arn().toString(),
                caller.accountId().equals(bus.accountId()),
                List.of(
                        about(event, Access.of(caller, PUT_EVENTS, bus.arn()))
                                .with(INVOCATION, "false")));
    }

    /// A rule that sends an event to another bus.
    ///
    /// @param roleArn as which it does; null for as its account
    static BusAccess toForward(
            BusName from,
            String ruleArn,
            @Nullable String roleArn,
            BusName to,
            EventEnvelope event) {
        Access service = Access.ofService(SERVICE, ruleArn, PUT_EVENTS, to.arn());
        String principal = roleArn == null ? root(from.accountId()) : roleArn;
        String account = Arn.parse(principal).map(Arn::accountId).orElseGet(from::accountId);
        return new BusAccess(
                principal,
                PUT_EVENTS,
                to.arn().toString(),
                account.equals(to.accountId()),
                List.of(
                        invoking(event, as(principal, account, service)),
                        invoking(event, service)));
    }

    /// A service that puts an event on behalf of a resource.
    ///
    /// @param sourceArn the resource; null when nobody says, which is the account of the bus
    static BusAccess ofService(
            String service, @Nullable String sourceArn, BusName bus, EventEnvelope event) {
        String account =
                Optional.ofNullable(sourceArn)
                        .flatMap(Arn::parse)
                        .map(Arn::accountId)
                        .filter(each -> !each.isEmpty())
                        .orElseGet(bus::accountId);
        Access access = about(event, Access.ofService(service, sourceArn, PUT_EVENTS, bus.arn()));
        return new BusAccess(
                service,
                PUT_EVENTS,
                bus.arn().toString(),
                account.equals(bus.accountId()),
                List.of(as(root(account), account, access), access));
    }

    private static String root(String accountId) {
        return "arn:aws:iam::" + accountId + ":root";
    }

    /// What a service does, as an account or a role does it.
    private static Access as(String principalArn, String accountId, Access service) {
        Access access =
                new Access(
                        principalArn,
                        accountId,
                        service.action(),
                        service.resource(),
                        service.context());
        return access.with("aws:principalarn", principalArn)
                .with("aws:principalaccount", accountId)
                .with("aws:principalisawsservice", "false");
    }

    private static Access about(EventEnvelope event, Access access) {
        return access.with(SOURCE, event.source()).with(DETAIL_TYPE, event.detailType());
    }

    private static Access invoking(EventEnvelope event, Access access) {
        return about(event, access).with(INVOCATION, "true");
    }

    /// Why it is refused, in IAM's words; empty when it is not.
    ///
    /// @param policy of the bus; null when it has none
    Optional<String> denial(@Nullable String policy) {
        Decision decision = policy == null ? Decision.IMPLICIT_DENY : evaluate(policy);
        if (decision == Decision.EXPLICIT_DENY) {
            return Optional.of(refusal() + " with an explicit deny in a resource-based policy");
        }
        return decision == Decision.ALLOW || isOwn
                ? Optional.empty()
                : Optional.of(
                        refusal()
                                + " because no resource-based policy allows the "
                                + action
                                + " action");
    }

    private Decision evaluate(String text) {
        Policy policy = Policy.kept(text);
        Decision all = Decision.IMPLICIT_DENY;
        for (Access access : accesses) {
            Decision one = policy.evaluate(access);
            if (one == Decision.EXPLICIT_DENY) {
                return one;
            }
            all = one == Decision.ALLOW ? one : all;
        }
        return all;
    }

    private String refusal() {
        return "User: "
                + principal
                + " is not authorized to perform: "
                + action
                + " on resource: "
                + resource;
    }
}
