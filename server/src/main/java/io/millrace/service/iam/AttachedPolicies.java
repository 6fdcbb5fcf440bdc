package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.AttachGroupPolicyRequest;
import io.millrace.api.iam.AttachRolePolicyRequest;
import io.millrace.api.iam.AttachUserPolicyRequest;
import io.millrace.api.iam.AttachedPolicy;
import io.millrace.api.iam.DetachGroupPolicyRequest;
import io.millrace.api.iam.DetachRolePolicyRequest;
import io.millrace.api.iam.DetachUserPolicyRequest;
import io.millrace.api.iam.ListAttachedGroupPoliciesRequest;
import io.millrace.api.iam.ListAttachedGroupPoliciesResponse;
import io.millrace.api.iam.ListAttachedRolePoliciesRequest;
import io.millrace.api.iam.ListAttachedRolePoliciesResponse;
import io.millrace.api.iam.ListAttachedUserPoliciesRequest;
import io.millrace.api.iam.ListAttachedUserPoliciesResponse;
import io.millrace.engine.Transaction;
import io.millrace.identity.Kind;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The managed policies of a user, group or role: `AttachUserPolicy` and so on. Errors:
/// `LimitExceeded`, `NoSuchEntity`, `UnmodifiableEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html).
final class AttachedPolicies {
    private final Entities entities;

    AttachedPolicies(Entities entities) {
        this.entities = entities;
    }

    Unit attachUserPolicy(Caller caller, AttachUserPolicyRequest request) {
        return attach(caller, Kind.USER, request.userName(), request.policyArn());
    }

    Unit detachUserPolicy(Caller caller, DetachUserPolicyRequest request) {
        return detach(caller, Kind.USER, request.userName(), request.policyArn());
    }

    ListAttachedUserPoliciesResponse listAttachedUserPolicies(
            Caller caller, ListAttachedUserPoliciesRequest request) {
        ListPage<AttachedPolicy> page =
                list(
                        entities.require(caller, Kind.USER, request.userName()),
                        request.pathPrefix(),
                        request.marker(),
                        request.maxItems());
        return new ListAttachedUserPoliciesResponse(
                page.items(), page.isTruncated(), page.marker());
    }

    Unit attachGroupPolicy(Caller caller, AttachGroupPolicyRequest request) {
        return attach(caller, Kind.GROUP, request.groupName(), request.policyArn());
    }

    Unit detachGroupPolicy(Caller caller, DetachGroupPolicyRequest request) {
        return detach(caller, Kind.GROUP, request.groupName(), request.policyArn());
    }

    ListAttachedGroupPoliciesResponse listAttachedGroupPolicies(
            Caller caller, ListAttachedGroupPoliciesRequest request) {
        ListPage<AttachedPolicy> page =
                list(
                        entities.require(caller, Kind.GROUP, request.groupName()),
                        request.pathPrefix(),
                        request.marker(),
                        request.maxItems());
        return new ListAttachedGroupPoliciesResponse(
                page.items(), page.isTruncated(), page.marker());
    }

    Unit attachRolePolicy(Caller caller, AttachRolePolicyRequest request) {
        return attach(caller, Kind.ROLE, request.roleName(), request.policyArn());
    }

    Unit detachRolePolicy(Caller caller, DetachRolePolicyRequest request) {
        return detach(caller, Kind.ROLE, request.roleName(), request.policyArn());
    }

    ListAttachedRolePoliciesResponse listAttachedRolePolicies(
            Caller caller, ListAttachedRolePoliciesRequest request) {
        ListPage<AttachedPolicy> page =
                list(
                        entities.require(caller, Kind.ROLE, request.roleName()),
                        request.pathPrefix(),
                        request.marker(),
                        request.maxItems());
        return new ListAttachedRolePoliciesResponse(
                page.items(), page.isTruncated(), page.marker());
    }

    private Unit attach(Caller caller, Kind kind, String name, String policyArn) {
        return entities.identities().write(tx -> attach(tx, caller, kind, name, policyArn));
    }

    private Unit attach(Transaction tx, Caller caller, Kind kind, String name, String policyArn) {
        entities.change(
                tx,
                caller,
                kind,
                name,
                principal -> {
                    Entities.checkModifiable(principal);
                    entities.requireAttachable(tx, caller, policyArn);
                    List<String> attached =
                            StoredPrincipal.with(principal.attachedPolicies(), policyArn);
                    if (attached.size() > IamLimits.POLICIES_ATTACHED_MAX) {
                        throw IamErrors.quota(
                                "PoliciesPer" + IamErrors.capital(kind),
                                IamLimits.POLICIES_ATTACHED_MAX);
                    }
                    return principal.withAttachedPolicies(attached);
                });
        return Unit.UNIT;
    }

    private Unit detach(Caller caller, Kind kind, String name, String policyArn) {
        entities.change(
                caller,
                kind,
                name,
                principal -> {
                    Entities.checkModifiable(principal);
                    if (!principal.attachedPolicies().contains(policyArn)) {
                        throw IamErrors.policyNotFound(policyArn);
                    }
                    return principal.withAttachedPolicies(
                            StoredPrincipal.without(principal.attachedPolicies(), policyArn));
                });
        return Unit.UNIT;
    }

    private static ListPage<AttachedPolicy> list(
            StoredPrincipal principal,
            @Nullable String pathPrefix,
            @Nullable String marker,
            @Nullable Integer maxItems) {
        List<AttachedPolicy> attached =
                principal.attachedPolicies().stream()
                        .filter(arn -> path(arn).startsWith(Entities.path(pathPrefix)))
                        .map(arn -> new AttachedPolicy(name(arn), arn))
                        .toList();
        return ListPage.of(attached, each -> String.valueOf(each.policyArn()), marker, maxItems);
    }

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    private static String path(String arn) {
        return arn.substring(arn.indexOf('/'), arn.lastIndexOf('/') + 1);
    }
}
