package io.millrace.authorization;

import io.millrace.http.Request;
import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.policy.Evaluator;
import io.millrace.policy.Ownership;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicySet;
import io.millrace.policy.Verdict;
import io.millrace.wire.Authorizer;
import io.millrace.wire.Caller;
import io.millrace.wire.Identity;
import io.millrace.wire.Requested;
import io.millrace.wire.Resources;
import io.millrace.wire.Service;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides on requests by the policies of who signed, and by those of the resource where that
/// matters: in one's own account either allows, so the resource's are asked when the identity's do
/// not. Of other accounts' resources the policies are the service's to ask, which it does for every
/// caller, as it denies to everyone what a resource's policy denies; where a service does not, and
/// of roles that are passed, other accounts have nothing. Beyond that the account's root passes
/// without a look at anything. Thread-safe.
public final class Gatekeeper implements Authorizer {
    private static final String READ_PAGE = "millrace:ReadPage";
    private static final String USE_PAGE = "millrace:UsePage";
    private static final String PAGES = "/_millrace/";
    private static final Set<String> READING = Set.of("GET", "HEAD");

    /// A second as conditions know it, which many requests share.
    private record Second(long epoch, List<String> text, List<String> number) {

        static Second of(long epoch) {
            return new Second(
                    epoch,
                    List.of(Instant.ofEpochSecond(epoch).toString()),
                    List.of(Long.toString(epoch)));
        }
    }

    private final InstantSource clock;
    private final Requests requests;
    private final DenialLog log;
    private volatile Second second = Second.of(0);

    /// @param services the ids of all services
    public Gatekeeper(InstantSource clock, List<String> services) {
        this.clock = clock;
        this.requests = new Requests(services);
        this.log = new DenialLog(clock);
    }

    public static Gatekeeper of(InstantSource clock, List<Service> services) {
        return new Gatekeeper(
                clock, services.stream().map(service -> service.model().id()).toList());
    }

    @Override
    public Caller check(Call call) {
        Caller caller = call.caller().knowing(facts(call.request(), call.caller()));
        Identity identity = caller.identity();
        if (identity == null) {
            return caller;
        }
        TemporaryKeys.check(call, identity);
        Resources resources = call.service().resources();
        if (identity.permissions().unlimited()
                && resources.decidesAcrossAccounts()
                && !requests.passRole(call)) {
            return caller;
        }
        PolicySet policies = PolicySet.of(identity.permissions());
        for (Requested requested : requests.of(call)) {
            Verdict verdict = decide(call, caller, requested, policies, resources);
            if (!verdict.allows()) {
                log.denied(caller, requested, verdict);
                throw Denials.of(call.service().model().id(), caller, requested, verdict);
            }
        }
        return caller;
    }

    @Override
    public Caller check(PageCall call) {
        Caller caller = call.caller().knowing(facts(call.request(), call.caller()));
        Identity identity = caller.identity();
        if (identity == null || identity.permissions().unlimited()) {
            return caller;
        }
        String path = call.request().path();
        String page = path.startsWith(PAGES) ? path.substring(PAGES.length()) : path;
        Arn arn = Arn.of("millrace", caller.region(), caller.accountId(), "page/" + page);
        boolean reads = READING.contains(call.request().method());
        Requested requested = new Requested(reads ? READ_PAGE : USE_PAGE, arn.toString());
        Verdict verdict =
                Evaluator.decide(
                        PolicySet.of(identity.permissions()),
                        Access.of(caller, requested.action(), arn),
                        Ownership.OWN);
        if (!verdict.allows()) {
            log.denied(caller, requested, verdict);
            throw Denials.of(call.service().model().id(), caller, requested, verdict);
        }
        return caller;
    }

    private static Verdict decide(
            Call call,
            Caller caller,
            Requested requested,
            PolicySet policies,
            Resources resources) {
        Optional<Arn> parsed = Arn.parse(requested.resource());
        Arn arn = parsed.orElseGet(() -> Arn.of("", caller.region(), caller.accountId(), "*"));
        Access asked =
                Access.of(caller, requested.action(), requested.resource(), arn)
                        .with(requested.context());
        Access access = informed(asked, call, caller, requested, policies);
        boolean own = arn.accountId().isEmpty() || arn.accountId().equals(caller.accountId());
        if (!own) {
            boolean unseen =
                    resources.decidesAcrossAccounts()
                            && !requested.action().equals(Requests.PASS_ROLE);
            return Evaluator.decide(
                    policies, access, unseen ? Ownership.OTHER_UNSEEN : Ownership.OTHER);
        }
        boolean guarded = parsed.isPresent() && resources.needsItsPolicy(requested.resource());
        Ownership ownership = guarded ? Ownership.OWN_BY_RESOURCE_POLICY : Ownership.OWN;
        Verdict verdict = Evaluator.decide(policies, access, ownership);
        if (verdict.decision() != Decision.IMPLICIT_DENY || parsed.isEmpty()) {
            return verdict;
        }
        List<String> texts = resources.policies(caller, requested.resource());
        if (texts.isEmpty()) {
            return verdict;
        }
        PolicySet all = policies.withResource(texts);
        return Evaluator.decide(all, informed(asked, call, caller, requested, all), ownership);
    }

    /// With what the service can tell, where a policy asks for it.
    private static Access informed(
            Access access, Call call, Caller caller, Requested requested, PolicySet policies) {
        Resources resources = call.service().resources();
        Access informed = access;
        if (mentionsService(policies, requested)) {
            informed =
                    informed.with(
                            resources.context(
                                    caller, call.operation().name(), call.input(), requested));
        }
        if (requested.resource().startsWith("arn:")
                && policies.all().stream().anyMatch(each -> each.policy().asksForTags())) {
            informed = informed.with(tags(resources.tags(caller, requested.resource()), requested));
        }
        return informed;
    }

    /// Whether some condition is on a key of the action's own service.
    private static boolean mentionsService(PolicySet policies, Requested requested) {
        String service =
                requested
                        .action()
                        .substring(0, requested.action().indexOf(':'))
                        .toLowerCase(Locale.ROOT);
        return policies.all().stream()
                .anyMatch(each -> each.policy().keyServices().contains(service));
    }

    private static Map<String, List<String>> tags(Map<String, String> tags, Requested requested) {
        Map<String, List<String>> context = new HashMap<>();
        String service = requested.action().substring(0, requested.action().indexOf(':'));
        tags.forEach((key, value) -> {
            String name = Policy.RESOURCE_TAG + key.toLowerCase(Locale.ROOT);
            context.put("aws:" + name, List.of(value));
            context.put(service.toLowerCase(Locale.ROOT) + ":" + name, List.of(value));
        });
        return context;
    }

    /// What is known of every request.
    private Map<String, List<String>> facts(Request request, Caller caller) {
        long now = clock.millis() / 1000;
        Second known = second; // a race costs two texts, nothing else
        if (known.epoch != now) {
            known = Second.of(now);
            second = known;
        }
        Map<String, List<String>> facts = new HashMap<>();
        facts.put("aws:currenttime", known.text);
        facts.put("aws:epochtime", known.number);
        Identity identity = caller.identity();
        List<String> codeGiven =
                identity == null
                        ? List.of()
                        : identity.context().getOrDefault(Identity.MFA_TIME, List.of());
        if (!codeGiven.isEmpty()) {
            long seconds = now - Long.parseLong(codeGiven.getFirst()) / 1000;
            facts.put("aws:multifactorauthage", List.of(String.valueOf(Math.max(0, seconds))));
        }
        String agent = request.header("user-agent");
        if (agent != null) {
            facts.put("aws:useragent", List.of(agent));
        }
        String referer = request.header("referer");
        if (referer != null) {
            facts.put("aws:referer", List.of(referer));
        }
        return facts;
    }
}
