package io.millrace.service.iam;

import io.millrace.engine.Snapshot;
import io.millrace.identity.Grants;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.StoredPrincipal;
import io.millrace.pattern.Arn;
import io.millrace.policy.Layer;
import io.millrace.wire.Caller;
import io.millrace.wire.PrincipalType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The policies of a user, a group or a role, each with where it comes from.
///
/// @param grants finds managed policies
record PrincipalSources(IdentityStore identities, Grants grants) {

    /// What hangs on a principal.
    ///
    /// @param context what is known of it, by names in lower case
    record Found(Kind kind, List<Simulation.Source> sources, Map<String, List<String>> context) {}

    /// @throws io.millrace.wire.ServiceException `InvalidInput`, `NoSuchEntity`
    Found of(Caller caller, String text) {
        Arn arn =
                Arn.parse(text)
                        .filter(each -> each.service().equals("iam"))
                        .filter(each -> each.accountId().equals(caller.accountId()))
                        .orElseThrow(() -> IamErrors.invalidInput("Invalid Entity Arn: " + text));
        String path = arn.resource();
        String name = path.substring(path.lastIndexOf('/') + 1);
        for (Kind kind : new Kind[] {Kind.USER, Kind.GROUP, Kind.ROLE}) {
            if (path.startsWith(kind.word() + "/")) {
                return identities.read(snapshot -> found(snapshot, caller, arn, kind, name));
            }
        }
        throw IamErrors.invalidInput("Invalid Entity Arn: " + text);
    }

    private Found found(Snapshot snapshot, Caller caller, Arn arn, Kind kind, String name) {
        String account = caller.accountId();
        StoredPrincipal principal =
                identities
                        .principal(snapshot, account, kind, name)
                        .filter(each -> each.arn(account).equals(arn.toString()))
                        .orElseThrow(() -> IamErrors.notFound(kind, name));
        List<Simulation.Source> sources = new ArrayList<>();
        collect(snapshot, account, principal, sources);
        for (String group : principal.groups()) {
            identities
                    .principal(snapshot, account, Kind.GROUP, group)
                    .ifPresent(each -> collect(snapshot, account, each, sources));
        }
        String boundary = principal.boundary();
        if (boundary != null) {
            managed(snapshot, account, boundary, Layer.BOUNDARY, sources);
        }
        return new Found(kind, sources, context(arn, principal));
    }

    private void collect(
            Snapshot snapshot,
            String account,
            StoredPrincipal principal,
            List<Simulation.Source> sources) {
        principal
                .inlinePolicies()
                .forEach((name, text) ->
                        sources.add(
                                new Simulation.Source(
                                        Layer.IDENTITY, name, principal.kind().word(), text)));
        for (String arn : principal.attachedPolicies()) {
            managed(snapshot, account, arn, Layer.IDENTITY, sources);
        }
    }

    private void managed(
            Snapshot snapshot,
            String account,
            String arn,
            Layer layer,
            List<Simulation.Source> sources) {
        String type = arn.contains(":aws:policy/") ? "aws-managed" : "user-managed";
        grants.managed(snapshot, account, arn)
                .ifPresent(policy ->
                        sources.add(
                                new Simulation.Source(
                                        layer,
                                        arn.substring(arn.lastIndexOf('/') + 1),
                                        type,
                                        policy.document())));
    }

    private static Map<String, List<String>> context(Arn arn, StoredPrincipal principal) {
        Map<String, List<String>> context = new HashMap<>();
        context.put("aws:principalarn", List.of(arn.toString()));
        context.put("aws:principalaccount", List.of(arn.accountId()));
        if (principal.kind() == Kind.USER) {
            context.put("aws:username", List.of(principal.name()));
            context.put("aws:userid", List.of(principal.id()));
            context.put("aws:principaltype", List.of(PrincipalType.USER.text()));
        }
        principal
                .tags()
                .forEach((key, value) ->
                        context.put(
                                "aws:principaltag/" + key.toLowerCase(Locale.ROOT),
                                List.of(value)));
        return context;
    }
}
