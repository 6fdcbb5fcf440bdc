package io.millrace.service.iam;

import io.millrace.api.iam.AttachedPermissionsBoundary;
import io.millrace.api.iam.Group;
import io.millrace.api.iam.Policy;
import io.millrace.api.iam.PolicyVersion;
import io.millrace.api.iam.Role;
import io.millrace.api.iam.RoleLastUsed;
import io.millrace.api.iam.User;
import io.millrace.identity.InstanceProfile;
import io.millrace.identity.LastUse;
import io.millrace.identity.ManagedPolicy;
import io.millrace.identity.RoleTraits;
import io.millrace.identity.StoredPrincipal;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// What is stored, as answers show it. Lists show less than what is asked for by its name.
final class Views {

    private Views() {}

    /// With tags and boundary.
    static User user(String accountId, StoredPrincipal user) {
        return listedUser(accountId, user).toBuilder()
                .permissionsBoundary(boundary(user))
                .tags(Tags.listOrNull(user.tags()))
                .build();
    }

    static User listedUser(String accountId, StoredPrincipal user) {
        return User.builder()
                .path(user.path())
                .userName(user.name())
                .userId(user.id())
                .arn(user.arn(accountId))
                .createDate(Instant.ofEpochMilli(user.createdMillis()))
                .build();
    }

    static Group group(String accountId, StoredPrincipal group) {
        return Group.builder()
                .path(group.path())
                .groupName(group.name())
                .groupId(group.id())
                .arn(group.arn(accountId))
                .createDate(Instant.ofEpochMilli(group.createdMillis()))
                .build();
    }

    /// With tags, boundary and last use.
    static Role role(String accountId, StoredPrincipal role, @Nullable LastUse lastUse) {
        return listedRole(accountId, role).toBuilder()
                .permissionsBoundary(boundary(role))
                .tags(Tags.listOrNull(role.tags()))
                .roleLastUsed(lastUsed(lastUse))
                .build();
    }

    static Role listedRole(String accountId, StoredPrincipal role) {
        RoleTraits traits = role.traits();
        return Role.builder()
                .path(role.path())
                .roleName(role.name())
                .roleId(role.id())
                .arn(role.arn(accountId))
                .createDate(Instant.ofEpochMilli(role.createdMillis()))
                .assumeRolePolicyDocument(document(traits.trustPolicy()))
                .description(traits.description())
                .maxSessionDuration(traits.maxSessionSeconds())
                .build();
    }

    private static RoleLastUsed lastUsed(@Nullable LastUse lastUse) {
        return lastUse == null
                ? RoleLastUsed.builder().build()
                : RoleLastUsed.builder()
                        .lastUsedDate(Instant.ofEpochMilli(lastUse.millis()))
                        .region(lastUse.region())
                        .build();
    }

    static @Nullable AttachedPermissionsBoundary boundary(StoredPrincipal principal) {
        return principal.boundary() == null
                ? null
                : AttachedPermissionsBoundary.builder()
                        .permissionsBoundaryType("Policy")
                        .permissionsBoundaryArn(principal.boundary())
                        .build();
    }

    /// Without description and tags.
    ///
    /// @param attachments to how many it is attached
    /// @param boundaries of how many it is the boundary
    static Policy listedPolicy(String arn, ManagedPolicy policy, int attachments, int boundaries) {
        return Policy.builder()
                .policyName(policy.name())
                .policyId(policy.id())
                .arn(arn)
                .path(policy.path())
                .defaultVersionId("v" + policy.defaultVersion())
                .attachmentCount(attachments)
                .permissionsBoundaryUsageCount(boundaries)
                .isAttachable(true)
                .createDate(Instant.ofEpochMilli(policy.createdMillis()))
                .updateDate(Instant.ofEpochMilli(policy.updatedMillis()))
                .build();
    }

    static PolicyVersion version(ManagedPolicy policy, ManagedPolicy.Version version) {
        return listedVersion(policy, version).toBuilder()
                .document(document(version.document()))
                .build();
    }

    static PolicyVersion listedVersion(ManagedPolicy policy, ManagedPolicy.Version version) {
        return PolicyVersion.builder()
                .versionId(version.id())
                .isDefaultVersion(version.number() == policy.defaultVersion())
                .createDate(Instant.ofEpochMilli(version.createdMillis()))
                .build();
    }

    /// @param role the profile's; null for none
    static io.millrace.api.iam.InstanceProfile profile(
            String accountId, InstanceProfile profile, @Nullable StoredPrincipal role) {
        return io.millrace.api.iam.InstanceProfile.builder()
                .path(profile.path())
                .instanceProfileName(profile.name())
                .instanceProfileId(profile.id())
                .arn(profile.arn(accountId))
                .createDate(Instant.ofEpochMilli(profile.createdMillis()))
                .roles(role == null ? List.of() : List.of(listedRole(accountId, role)))
                .tags(Tags.listOrNull(profile.tags()))
                .build();
    }

    /// A policy document, as IAM tells it: percent-encoded by RFC 3986.
    static String document(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
