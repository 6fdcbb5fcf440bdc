package io.millrace.service.iam;

import io.millrace.api.iam.ContextEntry;
import io.millrace.api.iam.EvaluationResult;
import io.millrace.api.iam.PermissionsBoundaryDecisionDetail;
import io.millrace.api.iam.ResourceSpecificResult;
import io.millrace.api.iam.SimulatePolicyResponse;
import io.millrace.api.iam.Statement;
import io.millrace.pattern.Arn;
import io.millrace.policy.Access;
import io.millrace.policy.Decision;
import io.millrace.policy.Evaluator;
import io.millrace.policy.Layer;
import io.millrace.policy.Match;
import io.millrace.policy.Ownership;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;
import io.millrace.policy.PolicyKind;
import io.millrace.policy.PolicySet;
import io.millrace.policy.SourcedPolicy;
import io.millrace.policy.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Evaluates policies for requests that nobody made. One result for each action and resource.
/// Source:
/// [SimulateCustomPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html).
final class Simulation {

    /// A policy that takes part.
    ///
    /// @param id by which matched statements name it
    /// @param type as `SourcePolicyType` has it
    record Source(Layer layer, String id, String type, String text) {}

    /// What is asked.
    ///
    /// @param caller the ARN of who would ask; null when nobody is told
    /// @param context condition keys, by their names in lower case
    record Question(
            List<String> actions,
            @Nullable List<String> resources,
            @Nullable String resourceOwner,
            @Nullable String caller,
            Map<String, List<String>> context,
            @Nullable Integer maxItems,
            @Nullable String marker) {}

    private static final String ANYONE = "arn:aws:iam::000000000000:user/simulated";

    private final Map<String, Source> byName = new HashMap<>();
    private final PolicySet policies;

    /// @throws io.millrace.wire.ServiceException `InvalidInput` when one is no policy
    Simulation(List<Source> sources) {
        Map<Layer, List<SourcedPolicy>> layers = new HashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            String name = Integer.toString(i);
            byName.put(name, source);
            layers.computeIfAbsent(source.layer, _ -> new ArrayList<>())
                    .add(new SourcedPolicy(source.layer, name, parse(source)));
        }
        this.policies =
                new PolicySet(
                        false,
                        layers.getOrDefault(Layer.IDENTITY, List.of()),
                        layers.get(Layer.BOUNDARY),
                        layers.get(Layer.SESSION),
                        layers.getOrDefault(Layer.RESOURCE, List.of()));
    }

    private static Policy parse(Source source) {
        try {
            return Policy.parse(
                    source.text,
                    source.layer == Layer.RESOURCE ? PolicyKind.RESOURCE : PolicyKind.IDENTITY);
        } catch (PolicyException e) {
            throw IamErrors.invalidInput("Invalid policy " + source.id + ": " + e.message());
        }
    }

    /// Policies of a request, as `PolicyInputList.1`.
    static void add(
            List<Source> sources, Layer layer, String member, @Nullable List<String> texts) {
        for (int i = 0; texts != null && i < texts.size(); i++) {
            sources.add(new Source(layer, member + "." + (i + 1), "none", texts.get(i)));
        }
    }

    static Map<String, List<String>> context(@Nullable List<ContextEntry> entries) {
        Map<String, List<String>> context = new HashMap<>();
        for (ContextEntry entry : entries == null ? List.<ContextEntry>of() : entries) {
            String name = entry.contextKeyName();
            if (name == null || entry.contextKeyValues() == null) {
                throw IamErrors.invalidInput(
                        "A context entry must have ContextKeyName, ContextKeyValues and"
                                + " ContextKeyType.");
            }
            context.put(name.toLowerCase(Locale.ROOT), entry.contextKeyValues());
        }
        return context;
    }

    SimulatePolicyResponse answer(Question question) {
        List<String> resources = question.resources;
        boolean named = resources != null && !resources.isEmpty();
        List<String> asked = named ? List.copyOf(resources) : List.of("*");
        int from = from(question.marker);
        int to =
                from + (question.maxItems == null ? IamLimits.SIMULATIONS_PAGE : question.maxItems);
        int all = question.actions.size() * asked.size();
        List<EvaluationResult> results = new ArrayList<>();
        for (int i = from; i < Math.min(all, to); i++) {
            String action = question.actions.get(i / asked.size());
            if (action.indexOf(':') < 1) {
                throw IamErrors.invalidInput("Invalid Action Name: " + action);
            }
            results.add(result(question, action, asked.get(i % asked.size()), named));
        }
        boolean isTruncated = to < all;
        return new SimulatePolicyResponse(
                results, isTruncated, isTruncated ? Integer.toString(to) : null);
    }

    private static int from(@Nullable String marker) {
        try {
            int from = marker == null ? 0 : Integer.parseInt(marker);
            if (from >= 0) {
                return from;
            }
        } catch (NumberFormatException _) { // refused below
        }
        throw IamErrors.validation("Invalid Marker");
    }

    private EvaluationResult result(
            Question question, String action, String resource, boolean named) {
        String caller = question.caller == null ? ANYONE : question.caller;
        String account = Arn.parse(caller).map(Arn::accountId).orElse("");
        Access access = new Access(caller, account, action, resource, question.context);
        Verdict verdict = Evaluator.decide(policies, access, ownership(question, account));
        String decision = text(verdict.decision());
        List<Statement> matched = verdict.matched().stream().map(this::statement).toList();
        List<String> missing = missing(access);
        PermissionsBoundaryDecisionDetail boundary =
                policies.boundary() == null
                        ? null
                        : new PermissionsBoundaryDecisionDetail(
                                allows(verdict.matched(), Layer.BOUNDARY));
        Map<String, String> details = details(verdict);
        List<ResourceSpecificResult> each =
                named
                        ? List.of(
                                new ResourceSpecificResult(
                                        resource, decision, matched, missing, details, boundary))
                        : null;
        return new EvaluationResult(
                action, resource, decision, matched, missing, null, boundary, details, each);
    }

    private static Ownership ownership(Question question, String account) {
        String owner = question.resourceOwner;
        String owning =
                owner == null ? account : Arn.parse(owner).map(Arn::accountId).orElse(owner);
        return owning.equals(account) ? Ownership.OWN : Ownership.OTHER;
    }

    private static boolean allows(List<Match> matched, Layer layer) {
        List<Match> ofLayer = matched.stream().filter(m -> m.layer() == layer).toList();
        return !ofLayer.isEmpty() && ofLayer.stream().allMatch(Match::allows);
    }

    /// What each kind of policy says, where more than one kind takes part.
    private @Nullable Map<String, String> details(Verdict verdict) {
        if (policies.resource().isEmpty()) {
            return null;
        }
        Map<String, String> details = new LinkedHashMap<>();
        details.put("IAM Policy", said(verdict, Layer.IDENTITY));
        details.put("Resource Policy", said(verdict, Layer.RESOURCE));
        return details;
    }

    private static String said(Verdict verdict, Layer layer) {
        List<Match> ofLayer = verdict.matched().stream().filter(m -> m.layer() == layer).toList();
        if (ofLayer.isEmpty()) {
            return text(Decision.IMPLICIT_DENY);
        }
        return text(
                ofLayer.stream().allMatch(Match::allows) ? Decision.ALLOW : Decision.EXPLICIT_DENY);
    }

    private static String text(Decision decision) {
        return switch (decision) {
            case ALLOW -> "allowed";
            case EXPLICIT_DENY -> "explicitDeny";
            case IMPLICIT_DENY -> "implicitDeny";
        };
    }

    private Statement statement(Match match) {
        Source source = byName.get(match.policy());
        if (source == null) {
            throw new IllegalStateException("a match of no policy");
        }
        StatementPositions position = StatementPositions.of(source.text).get(match.index());
        return new Statement(source.id, source.type, position.start(), position.end());
    }

    private List<String> missing(Access access) {
        Set<String> missing = new LinkedHashSet<>();
        for (SourcedPolicy policy : policies.all()) {
            for (String key : policy.policy().keysFor(access)) {
                if (access.values(key).isEmpty()) {
                    missing.add(key);
                }
            }
        }
        return List.copyOf(missing);
    }

    /// All condition keys that the policies have.
    List<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        policies.all().forEach(policy -> keys.addAll(policy.policy().keys()));
        return List.copyOf(keys);
    }
}
