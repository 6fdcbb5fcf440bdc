package io.millrace.identity;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A user, a group or a role, with the policies that hang on it. Immutable.
///
/// @param path as `/` or `/team/`
/// @param id unique for ever, as `AIDA…`
/// @param inlinePolicies documents by their names
/// @param attachedPolicies ARNs of managed policies, in the order in which they were attached
/// @param boundary the ARN of the managed policy that is the permissions boundary
/// @param tags by their keys
/// @param groups names of the groups that a user is in
/// @param accessKeys ids of a user's access keys
/// @param role what only roles have
public record StoredPrincipal(
        Kind kind,
        String name,
        String path,
        String id,
        long createdMillis,
        SortedMap<String, String> inlinePolicies,
        List<String> attachedPolicies,
        @Nullable String boundary,
        SortedMap<String, String> tags,
        List<String> groups,
        List<String> accessKeys,
        @Nullable RoleTraits role) {

    public StoredPrincipal {
        inlinePolicies = new TreeMap<>(inlinePolicies);
        attachedPolicies = List.copyOf(attachedPolicies);
        tags = new TreeMap<>(tags);
        groups = List.copyOf(groups);
        accessKeys = List.copyOf(accessKeys);
    }

    /// One that is new.
    public static StoredPrincipal of(
            Kind kind, String name, String path, String id, long createdMillis) {
        return new StoredPrincipal(
                kind,
                name,
                path,
                id,
                createdMillis,
                new TreeMap<>(),
                List.of(),
                null,
                new TreeMap<>(),
                List.of(),
                List.of(),
                null);
    }

    public String arn(String accountId) {
        return kind.arn(accountId, path, name);
    }

    /// Of a role.
    public RoleTraits traits() {
        if (role == null) {
            throw new IllegalStateException(name + " is no role");
        }
        return role;
    }

    public StoredPrincipal named(String newName, String newPath) {
        return new StoredPrincipal(
                kind,
                newName,
                newPath,
                id,
                createdMillis,
                inlinePolicies,
                attachedPolicies,
                boundary,
                tags,
                groups,
                accessKeys,
                role);
    }

    public StoredPrincipal withInlinePolicies(Map<String, String> policies) {
        return new StoredPrincipal(
                kind,
                name,
                path,
                id,
                createdMillis,
                new TreeMap<>(policies),
                attachedPolicies,
                boundary,
                tags,
                groups,
                accessKeys,
                role);
    }

    public StoredPrincipal withAttachedPolicies(List<String> policies) {
        return new StoredPrincipal(
                kind,
                name,
                path,
                id,
                createdMillis,
                inlinePolicies,
                policies,
                boundary,
                tags,
                groups,
                accessKeys,
                role);
    }

    public StoredPrincipal withBoundary(@Nullable String policyArn) {
        return new StoredPrincipal(
                kind,
                name,
                path,
                id,
                createdMillis,
                inlinePolicies,
                attachedPolicies,
                policyArn,
                tags,
                groups,
                accessKeys,
                role);
    }

    public StoredPrincipal withTags(Map<String, String> newTags) {
        return new StoredPrincipal(
                kind,
                name,
                path,
                id,
                createdMillis,
                inlinePolicies,
                attachedPolicies,
                boundary,
                new TreeMap<>(newTags),
                groups,
                accessKeys,
                role);
    }

    public StoredPrincipal withGroups(List<String> names) {
        return new StoredPrincipal(
                kind,
                name,
                path,
                id,
                createdMillis,
                inlinePolicies,
                attachedPolicies,
                boundary,
                tags,
                names,
                accessKeys,
                role);
    }

    public StoredPrincipal withAccessKeys(List<String> ids) {
        return new StoredPrincipal(
                kind,
                name,
                path,
                id,
                createdMillis,
                inlinePolicies,
                attachedPolicies,
                boundary,
                tags,
                groups,
                ids,
                role);
    }

    public StoredPrincipal withTraits(RoleTraits traits) {
        return new StoredPrincipal(
                kind,
                name,
                path,
                id,
                createdMillis,
                inlinePolicies,
                attachedPolicies,
                boundary,
                tags,
                groups,
                accessKeys,
                traits);
    }

    /// A list with one more at its end; the same list when it is there already.
    public static List<String> with(List<String> list, String one) {
        if (list.contains(one)) {
            return list;
        }
        List<String> more = new ArrayList<>(list);
        more.add(one);
        return more;
    }

    public static List<String> without(List<String> list, String one) {
        return list.stream().filter(each -> !each.equals(one)).toList();
    }
}
