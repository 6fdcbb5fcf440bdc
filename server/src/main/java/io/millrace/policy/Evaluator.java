package io.millrace.policy;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// AWS's evaluation logic: a denial anywhere wins; otherwise some policy must allow, and where
/// there is a permissions boundary or there are session policies, these too.
///
/// In one's own account a resource's policy can allow by itself. What it grants to who asks, to the
/// ARN of a user or of a session or to everyone, nothing limits but a denial; what it grants to a
/// role its sessions have within boundary and session policies; what it grants to the account is
/// for the account's own policies to pass on. Source: [policy evaluation
/// logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
public final class Evaluator {
    private Evaluator() {}

    /// Decides on a request.
    public static Verdict decide(PolicySet policies, Access access, Ownership ownership) {
        List<Match> matched = new ArrayList<>();
        List<String> consulted = new ArrayList<>();
        for (SourcedPolicy policy : policies.all()) {
            consulted.add(policy.name());
            match(policy, access, matched);
        }
        return decide(policies, ownership, matched, consulted);
    }

    private static void match(SourcedPolicy policy, Access access, List<Match> matched) {
        List<Statement> statements = policy.policy().statements();
        for (int i = 0; i < statements.size(); i++) {
            Statement statement = statements.get(i);
            if (statement.isAbout(access)) {
                matched.add(
                        new Match(
                                policy.layer(),
                                policy.name(),
                                i,
                                statement.sid(),
                                statement.allows(),
                                statement.nearness(access),
                                statement));
            }
        }
    }

    private static Verdict decide(
            PolicySet policies, Ownership ownership, List<Match> matched, List<String> consulted) {
        List<Match> denials = matched.stream().filter(match -> !match.allows()).toList();
        if (!denials.isEmpty()) {
            Match first = denials.getFirst();
            return new Verdict(Decision.EXPLICIT_DENY, first.layer(), denials, matched, consulted);
        }
        Layer missing = missing(policies, ownership, matched);
        if (missing != null) {
            return new Verdict(Decision.IMPLICIT_DENY, missing, List.of(), matched, consulted);
        }
        Layer granting = has(matched, Layer.IDENTITY) ? Layer.IDENTITY : Layer.RESOURCE;
        if (policies.everything()) {
            granting = Layer.IDENTITY;
        }
        return new Verdict(Decision.ALLOW, granting, List.copyOf(matched), matched, consulted);
    }

    /// Whose policy should have allowed and did not; null when all that must did. There are no
    /// denials among those that matched.
    private static @Nullable Layer missing(
            PolicySet policies, Ownership ownership, List<Match> matched) {
        boolean byIdentity = policies.everything() || has(matched, Layer.IDENTITY);
        Principals.Nearness byResource = Principals.Nearness.NONE;
        for (Match match : matched) {
            if (match.layer() == Layer.RESOURCE && match.grant().compareTo(byResource) > 0) {
                byResource = match.grant();
            }
        }
        boolean own = ownership == Ownership.OWN || ownership == Ownership.OWN_BY_RESOURCE_POLICY;
        if (own && byResource == Principals.Nearness.DIRECT) {
            return null;
        }
        boolean byRole = own && byResource == Principals.Nearness.ROLE;
        if (ownership == Ownership.OWN_BY_RESOURCE_POLICY
                && byResource == Principals.Nearness.NONE) {
            return Layer.RESOURCE;
        }
        if (!byIdentity && !byRole) {
            return Layer.IDENTITY;
        }
        if (policies.boundary() != null && !has(matched, Layer.BOUNDARY)) {
            return Layer.BOUNDARY;
        }
        if (policies.session() != null && !has(matched, Layer.SESSION)) {
            return Layer.SESSION;
        }
        return ownership == Ownership.OTHER && byResource == Principals.Nearness.NONE
                ? Layer.RESOURCE
                : null;
    }

    private static boolean has(List<Match> matched, Layer layer) {
        return matched.stream().anyMatch(match -> match.layer() == layer);
    }
}
