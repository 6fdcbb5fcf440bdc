package io.millrace.policy;

import io.millrace.wire.Permissions;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// All policies that take part in one decision.
///
/// @param everything whether the identity needs no policy, as the account's root
/// @param boundary null when there is none
/// @param session null when the identity is no session, or one that was not restricted
public record PolicySet(
        boolean everything,
        List<SourcedPolicy> identity,
        @Nullable List<SourcedPolicy> boundary,
        @Nullable List<SourcedPolicy> session,
        List<SourcedPolicy> resource) {

    public PolicySet {
        identity = List.copyOf(identity);
        boundary = boundary == null ? null : List.copyOf(boundary);
        session = session == null ? null : List.copyOf(session);
        resource = List.copyOf(resource);
    }

    /// The policies of an identity, as they were accepted before.
    public static PolicySet of(Permissions permissions) {
        String boundary = permissions.boundary();
        List<String> session = permissions.sessionPolicies();
        return new PolicySet(
                permissions.everything(),
                kept(Layer.IDENTITY, permissions.policies(), PolicyKind.IDENTITY),
                boundary == null
                        ? null
                        : kept(Layer.BOUNDARY, List.of(boundary), PolicyKind.IDENTITY),
                session == null ? null : kept(Layer.SESSION, session, PolicyKind.IDENTITY),
                List.of());
    }

    /// The same with the policies of the resource, as they were accepted before.
    public PolicySet withResource(List<String> texts) {
        return new PolicySet(
                everything,
                identity,
                boundary,
                session,
                kept(Layer.RESOURCE, texts, PolicyKind.RESOURCE));
    }

    private static List<SourcedPolicy> kept(Layer layer, List<String> texts, PolicyKind kind) {
        List<SourcedPolicy> policies = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String name = layer.words() + (texts.size() == 1 ? "" : " " + (i + 1));
            policies.add(new SourcedPolicy(layer, name, Policy.kept(texts.get(i), kind)));
        }
        return policies;
    }

    /// All of them, layer by layer.
    public List<SourcedPolicy> all() {
        List<SourcedPolicy> all = new ArrayList<>(identity);
        all.addAll(resource);
        if (boundary != null) {
            all.addAll(boundary);
        }
        if (session != null) {
            all.addAll(session);
        }
        return all;
    }
}
