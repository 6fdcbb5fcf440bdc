package io.millrace.identity;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// An instance profile: a name for a role that machines take. Immutable.
///
/// @param role its role's name; null for none
public record InstanceProfile(
        String name,
        String path,
        String id,
        long createdMillis,
        @Nullable String role,
        SortedMap<String, String> tags) {

    public InstanceProfile {
        tags = new TreeMap<>(tags);
    }

    public String arn(String accountId) {
        return Kind.INSTANCE_PROFILE.arn(accountId, path, name);
    }

    public InstanceProfile withRole(@Nullable String newRole) {
        return new InstanceProfile(name, path, id, createdMillis, newRole, tags);
    }

    public InstanceProfile withTags(Map<String, String> newTags) {
        return new InstanceProfile(name, path, id, createdMillis, role, new TreeMap<>(newTags));
    }
}
