package io.millrace.identity;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A managed policy with its versions. Immutable.
///
/// @param defaultVersion the number of the version that counts
/// @param lastVersion the number of the newest version there ever was
/// @param versions that are there, the oldest first
public record ManagedPolicy(
        String name,
        String path,
        String id,
        @Nullable String description,
        long createdMillis,
        long updatedMillis,
        SortedMap<String, String> tags,
        int defaultVersion,
        int lastVersion,
        List<Version> versions) {

    /// One version.
    ///
    /// @param number 3 of `v3`
    public record Version(int number, String document, long createdMillis) {
        public String id() {
            return "v" + number;
        }
    }

    public ManagedPolicy {
        tags = new TreeMap<>(tags);
        versions = List.copyOf(versions);
    }

    /// One that is new.
    public static ManagedPolicy of(
            String name,
            String path,
            String id,
            @Nullable String description,
            String document,
            long nowMillis) {
        return new ManagedPolicy(
                name,
                path,
                id,
                description,
                nowMillis,
                nowMillis,
                new TreeMap<>(),
                1,
                1,
                List.of(new Version(1, document, nowMillis)));
    }

    public String arn(String accountId) {
        return Kind.POLICY.arn(accountId, path, name);
    }

    public Optional<Version> version(String versionId) {
        return versions.stream().filter(each -> each.id().equals(versionId)).findFirst();
    }

    /// The document that counts.
    public String document() {
        return version("v" + defaultVersion).orElseThrow().document();
    }

    public ManagedPolicy withTags(Map<String, String> newTags) {
        return new ManagedPolicy(
                name,
                path,
                id,
                description,
                createdMillis,
                updatedMillis,
                new TreeMap<>(newTags),
                defaultVersion,
                lastVersion,
                versions);
    }

    public ManagedPolicy withDefault(int number, long nowMillis) {
        return new ManagedPolicy(
                name,
                path,
                id,
                description,
                createdMillis,
                nowMillis,
                tags,
                number,
                lastVersion,
                versions);
    }

    /// With a new version, which does not count yet.
    public ManagedPolicy withVersion(String document, long nowMillis) {
        List<Version> more = new ArrayList<>(versions);
        more.add(new Version(lastVersion + 1, document, nowMillis));
        return new ManagedPolicy(
                name,
                path,
                id,
                description,
                createdMillis,
                nowMillis,
                tags,
                defaultVersion,
                lastVersion + 1,
                more);
    }

    public ManagedPolicy withoutVersion(Version version, long nowMillis) {
        return new ManagedPolicy(
                name,
                path,
                id,
                description,
                createdMillis,
                nowMillis,
                tags,
                defaultVersion,
                lastVersion,
                versions.stream().filter(each -> !each.equals(version)).toList());
    }
}
