package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.DeleteGroupPolicyRequest;
import io.millrace.api.iam.DeleteRolePolicyRequest;
import io.millrace.api.iam.DeleteUserPolicyRequest;
import io.millrace.api.iam.GetGroupPolicyRequest;
import io.millrace.api.iam.GetGroupPolicyResponse;
import io.millrace.api.iam.GetRolePolicyRequest;
import io.millrace.api.iam.GetRolePolicyResponse;
import io.millrace.api.iam.GetUserPolicyRequest;
import io.millrace.api.iam.GetUserPolicyResponse;
import io.millrace.api.iam.ListGroupPoliciesRequest;
import io.millrace.api.iam.ListGroupPoliciesResponse;
import io.millrace.api.iam.ListRolePoliciesRequest;
import io.millrace.api.iam.ListRolePoliciesResponse;
import io.millrace.api.iam.ListUserPoliciesRequest;
import io.millrace.api.iam.ListUserPoliciesResponse;
import io.millrace.api.iam.PutGroupPolicyRequest;
import io.millrace.api.iam.PutRolePolicyRequest;
import io.millrace.api.iam.PutUserPolicyRequest;
import io.millrace.identity.Kind;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// The policies that are part of a user, group or role: `PutUserPolicy` and so on. Errors:
/// `LimitExceeded`, `MalformedPolicyDocument`, `NoSuchEntity`, `UnmodifiableEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html).
final class InlinePolicies {
    private final Entities entities;

    InlinePolicies(Entities entities) {
        this.entities = entities;
    }

    Unit putUserPolicy(Caller caller, PutUserPolicyRequest request) {
        return put(
                caller,
                Kind.USER,
                request.userName(),
                request.policyName(),
                request.policyDocument());
    }

    GetUserPolicyResponse getUserPolicy(Caller caller, GetUserPolicyRequest request) {
        StoredPrincipal user = entities.require(caller, Kind.USER, request.userName());
        return new GetUserPolicyResponse(
                user.name(), request.policyName(), get(user, request.policyName()));
    }

    ListUserPoliciesResponse listUserPolicies(Caller caller, ListUserPoliciesRequest request) {
        ListPage<String> page =
                list(caller, Kind.USER, request.userName(), request.marker(), request.maxItems());
        return new ListUserPoliciesResponse(page.items(), page.isTruncated(), page.marker());
    }

    Unit deleteUserPolicy(Caller caller, DeleteUserPolicyRequest request) {
        return delete(caller, Kind.USER, request.userName(), request.policyName());
    }

    Unit putGroupPolicy(Caller caller, PutGroupPolicyRequest request) {
        return put(
                caller,
                Kind.GROUP,
                request.groupName(),
                request.policyName(),
                request.policyDocument());
    }

    GetGroupPolicyResponse getGroupPolicy(Caller caller, GetGroupPolicyRequest request) {
        StoredPrincipal group = entities.require(caller, Kind.GROUP, request.groupName());
        return new GetGroupPolicyResponse(
                group.name(), request.policyName(), get(group, request.policyName()));
    }

    ListGroupPoliciesResponse listGroupPolicies(Caller caller, ListGroupPoliciesRequest request) {
        ListPage<String> page =
                list(caller, Kind.GROUP, request.groupName(), request.marker(), request.maxItems());
        return new ListGroupPoliciesResponse(page.items(), page.isTruncated(), page.marker());
    }

    Unit deleteGroupPolicy(Caller caller, DeleteGroupPolicyRequest request) {
        return delete(caller, Kind.GROUP, request.groupName(), request.policyName());
    }

    Unit putRolePolicy(Caller caller, PutRolePolicyRequest request) {
        return put(
                caller,
                Kind.ROLE,
                request.roleName(),
                request.policyName(),
                request.policyDocument());
    }

    GetRolePolicyResponse getRolePolicy(Caller caller, GetRolePolicyRequest request) {
        StoredPrincipal role = entities.require(caller, Kind.ROLE, request.roleName());
        return new GetRolePolicyResponse(
                role.name(), request.policyName(), get(role, request.policyName()));
    }

    ListRolePoliciesResponse listRolePolicies(Caller caller, ListRolePoliciesRequest request) {
        ListPage<String> page =
                list(caller, Kind.ROLE, request.roleName(), request.marker(), request.maxItems());
        return new ListRolePoliciesResponse(page.items(), page.isTruncated(), page.marker());
    }

    Unit deleteRolePolicy(Caller caller, DeleteRolePolicyRequest request) {
        return delete(caller, Kind.ROLE, request.roleName(), request.policyName());
    }

    private Unit put(Caller caller, Kind kind, String name, String policyName, String document) {
        PolicyDocument.checkGrants(document);
        entities.change(
                caller,
                kind,
                name,
                principal -> {
                    Entities.checkModifiable(principal);
                    Map<String, String> policies = new TreeMap<>(principal.inlinePolicies());
                    policies.put(policyName, document);
                    checkSize(principal, policies.values());
                    return principal.withInlinePolicies(policies);
                });
        return Unit.UNIT;
    }

    private static void checkSize(StoredPrincipal principal, Iterable<String> documents) {
        int max =
                switch (principal.kind()) {
                    case USER -> IamLimits.USER_POLICY_CHARACTERS_MAX;
                    case GROUP -> IamLimits.GROUP_POLICY_CHARACTERS_MAX;
                    case ROLE, POLICY, INSTANCE_PROFILE -> IamLimits.ROLE_POLICY_CHARACTERS_MAX;
                };
        int size = 0;
        for (String document : documents) {
            size += PolicyDocument.size(document);
        }
        if (size > max) {
            throw IamErrors.limit(
                    "Maximum policy size of "
                            + max
                            + " bytes exceeded for "
                            + principal.kind().word()
                            + " "
                            + principal.name());
        }
    }

    private static String get(StoredPrincipal principal, String policyName) {
        String document = principal.inlinePolicies().get(policyName);
        if (document == null) {
            throw IamErrors.inlinePolicyNotFound(principal.kind(), policyName);
        }
        return Views.document(document);
    }

    private ListPage<String> list(
            Caller caller,
            Kind kind,
            String name,
            @Nullable String marker,
            @Nullable Integer maxItems) {
        StoredPrincipal principal = entities.require(caller, kind, name);
        List<String> names = List.copyOf(principal.inlinePolicies().keySet());
        return ListPage.of(names, Function.identity(), marker, maxItems);
    }

    private Unit delete(Caller caller, Kind kind, String name, String policyName) {
        entities.change(
                caller,
                kind,
                name,
                principal -> {
                    Entities.checkModifiable(principal);
                    Map<String, String> policies = new TreeMap<>(principal.inlinePolicies());
                    if (policies.remove(policyName) == null) {
                        throw IamErrors.inlinePolicyNotFound(kind, policyName);
                    }
                    return principal.withInlinePolicies(policies);
                });
        return Unit.UNIT;
    }
}
