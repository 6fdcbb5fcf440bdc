package io.millrace.service.iam;

import io.millrace.api.iam.AttachedPolicy;
import io.millrace.api.iam.GetAccountAuthorizationDetailsRequest;
import io.millrace.api.iam.GetAccountAuthorizationDetailsResponse;
import io.millrace.api.iam.GroupDetail;
import io.millrace.api.iam.ManagedPolicyDetail;
import io.millrace.api.iam.Policy;
import io.millrace.api.iam.PolicyDetail;
import io.millrace.api.iam.RoleDetail;
import io.millrace.api.iam.UserDetail;
import io.millrace.engine.Snapshot;
import io.millrace.identity.AwsPolicies;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.Link;
import io.millrace.identity.ManagedPolicy;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// `GetAccountAuthorizationDetails`: all users, groups, roles and managed policies with what they
/// grant, section by section; of AWS's policies those that are attached. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html).
final class GetAccountAuthorizationDetails
        implements Operation<
                GetAccountAuthorizationDetailsRequest, GetAccountAuthorizationDetailsResponse> {
    private static final List<String> SECTIONS =
            List.of("User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy");

    private static final class Answer {
        private final List<UserDetail> users = new ArrayList<>();
        private final List<GroupDetail> groups = new ArrayList<>();
        private final List<RoleDetail> roles = new ArrayList<>();
        private final List<ManagedPolicyDetail> policies = new ArrayList<>();
        private @Nullable String marker;

        int size() {
            return users.size() + groups.size() + roles.size() + policies.size();
        }
    }

    private final Entities entities;

    GetAccountAuthorizationDetails(Entities entities) {
        this.entities = entities;
    }

    @Override
    public GetAccountAuthorizationDetailsResponse handle(
            Caller caller, GetAccountAuthorizationDetailsRequest request) {
        Answer answer = entities.identities().read(snapshot -> read(snapshot, caller, request));
        return GetAccountAuthorizationDetailsResponse.builder()
                .userDetailList(answer.users)
                .groupDetailList(answer.groups)
                .roleDetailList(answer.roles)
                .policies(answer.policies)
                .isTruncated(answer.marker != null)
                .marker(answer.marker)
                .build();
    }

    /// A marker is the section's number, a dot, and the marker within it.
    private Answer read(
            Snapshot snapshot, Caller caller, GetAccountAuthorizationDetailsRequest request) {
        int size = request.maxItems() == null ? IamLimits.PAGE_SIZE : request.maxItems();
        String marker = request.marker();
        int section = 0;
        String inner = null;
        if (marker != null) {
            if (!marker.matches("[0-4]\\..*")) {
                throw IamErrors.validation("Invalid Marker.");
            }
            section = marker.charAt(0) - '0';
            inner = marker.length() == 2 ? null : marker.substring(2);
        }
        Answer answer = new Answer();
        for (int i = section; i < SECTIONS.size(); i++) {
            List<String> filter = request.filter();
            if (filter != null && !filter.isEmpty() && !filter.contains(SECTIONS.get(i))) {
                continue;
            }
            int left = size - answer.size();
            if (left == 0) {
                answer.marker = i + ".";
                return answer;
            }
            String next = readSection(snapshot, caller, i, inner, left, answer);
            inner = null;
            if (next != null) {
                answer.marker = i + "." + next;
                return answer;
            }
        }
        return answer;
    }

    private @Nullable String readSection(
            Snapshot snapshot,
            Caller caller,
            int section,
            @Nullable String marker,
            int size,
            Answer answer) {
        IdentityStore identities = entities.identities();
        String account = caller.accountId();
        return switch (SECTIONS.get(section)) {
            case "User" -> principals(snapshot, account, Kind.USER, marker, size, answer);
            case "Group" -> principals(snapshot, account, Kind.GROUP, marker, size, answer);
            case "Role" -> principals(snapshot, account, Kind.ROLE, marker, size, answer);
            case "LocalManagedPolicy" -> {
                ListPage<ManagedPolicy> page =
                        ListPage.of(
                                snapshot,
                                identities.all(account, Kind.POLICY),
                                marker,
                                size,
                                cursor -> identities.decodePolicy(cursor.value()));
                for (ManagedPolicy each : page.items()) {
                    answer.policies.add(policy(snapshot, account, each.arn(account), each));
                }
                yield page.marker();
            }
            default -> {
                ListPage<String> page =
                        ListPage.of(attachedOfAws(snapshot, account), arn -> arn, marker, size);
                for (String arn : page.items()) {
                    ManagedPolicy each = AwsPolicies.find(arn).orElseThrow();
                    answer.policies.add(policy(snapshot, account, arn, each));
                }
                yield page.marker();
            }
        };
    }

    private List<String> attachedOfAws(Snapshot snapshot, String account) {
        IdentityStore identities = entities.identities();
        return AwsPolicies.all().keySet().stream()
                .filter(arn ->
                        identities.count(snapshot, account, Link.ATTACHED, arn) > 0
                                || identities.count(snapshot, account, Link.BOUNDARY, arn) > 0)
                .toList();
    }

    private @Nullable String principals(
            Snapshot snapshot,
            String account,
            Kind kind,
            @Nullable String marker,
            int size,
            Answer answer) {
        IdentityStore identities = entities.identities();
        ListPage<StoredPrincipal> page =
                ListPage.of(
                        snapshot,
                        identities.all(account, kind),
                        marker,
                        size,
                        cursor -> identities.decodePrincipal(cursor.value()));
        for (StoredPrincipal each : page.items()) {
            switch (kind) {
                case USER -> answer.users.add(user(account, each));
                case GROUP -> answer.groups.add(group(account, each));
                case ROLE -> answer.roles.add(role(snapshot, account, each));
                case POLICY, INSTANCE_PROFILE -> throw new IllegalStateException(kind.word());
            }
        }
        return page.marker();
    }

    private static UserDetail user(String account, StoredPrincipal user) {
        return UserDetail.builder()
                .path(user.path())
                .userName(user.name())
                .userId(user.id())
                .arn(user.arn(account))
                .createDate(Instant.ofEpochMilli(user.createdMillis()))
                .userPolicyList(inline(user))
                .groupList(user.groups())
                .attachedManagedPolicies(attached(user))
                .permissionsBoundary(Views.boundary(user))
                .tags(Tags.list(user.tags()))
                .build();
    }

    private static GroupDetail group(String account, StoredPrincipal group) {
        return GroupDetail.builder()
                .path(group.path())
                .groupName(group.name())
                .groupId(group.id())
                .arn(group.arn(account))
                .createDate(Instant.ofEpochMilli(group.createdMillis()))
                .groupPolicyList(inline(group))
                .attachedManagedPolicies(attached(group))
                .build();
    }

    private RoleDetail role(Snapshot snapshot, String account, StoredPrincipal role) {
        IdentityStore identities = entities.identities();
        List<io.millrace.api.iam.InstanceProfile> profiles =
                identities
                        .linkedNames(
                                snapshot,
                                account,
                                Link.PROFILE,
                                role.name(),
                                Kind.INSTANCE_PROFILE,
                                IamLimits.PAGE_SIZE)
                        .stream()
                        .flatMap(name -> identities.profile(snapshot, account, name).stream())
                        .map(profile -> Views.profile(account, profile, role))
                        .toList();
        return RoleDetail.builder()
                .path(role.path())
                .roleName(role.name())
                .roleId(role.id())
                .arn(role.arn(account))
                .createDate(Instant.ofEpochMilli(role.createdMillis()))
                .assumeRolePolicyDocument(Views.document(role.traits().trustPolicy()))
                .instanceProfileList(profiles)
                .rolePolicyList(inline(role))
                .attachedManagedPolicies(attached(role))
                .permissionsBoundary(Views.boundary(role))
                .tags(Tags.list(role.tags()))
                .build();
    }

    private static List<PolicyDetail> inline(StoredPrincipal principal) {
        return principal.inlinePolicies().entrySet().stream()
                .map(each -> new PolicyDetail(each.getKey(), Views.document(each.getValue())))
                .toList();
    }

    private static List<AttachedPolicy> attached(StoredPrincipal principal) {
        return principal.attachedPolicies().stream()
                .map(arn -> new AttachedPolicy(arn.substring(arn.lastIndexOf('/') + 1), arn))
                .toList();
    }

    private ManagedPolicyDetail policy(
            Snapshot snapshot, String account, String arn, ManagedPolicy policy) {
        IdentityStore identities = entities.identities();
        Policy view =
                Views.listedPolicy(
                        arn,
                        policy,
                        identities.count(snapshot, account, Link.ATTACHED, arn),
                        identities.count(snapshot, account, Link.BOUNDARY, arn));
        return ManagedPolicyDetail.builder()
                .policyName(view.policyName())
                .policyId(view.policyId())
                .arn(arn)
                .path(view.path())
                .defaultVersionId(view.defaultVersionId())
                .attachmentCount(view.attachmentCount())
                .permissionsBoundaryUsageCount(view.permissionsBoundaryUsageCount())
                .isAttachable(true)
                .description(policy.description())
                .createDate(view.createDate())
                .updateDate(view.updateDate())
                .policyVersionList(
                        policy.versions().reversed().stream()
                                .map(version -> Views.version(policy, version))
                                .toList())
                .build();
    }
}
