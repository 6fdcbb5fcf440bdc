package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.ListInstanceProfileTagsRequest;
import io.millrace.api.iam.ListInstanceProfileTagsResponse;
import io.millrace.api.iam.ListPolicyTagsRequest;
import io.millrace.api.iam.ListPolicyTagsResponse;
import io.millrace.api.iam.ListRoleTagsRequest;
import io.millrace.api.iam.ListRoleTagsResponse;
import io.millrace.api.iam.ListUserTagsRequest;
import io.millrace.api.iam.ListUserTagsResponse;
import io.millrace.api.iam.Tag;
import io.millrace.api.iam.TagInstanceProfileRequest;
import io.millrace.api.iam.TagPolicyRequest;
import io.millrace.api.iam.TagRoleRequest;
import io.millrace.api.iam.TagUserRequest;
import io.millrace.api.iam.UntagInstanceProfileRequest;
import io.millrace.api.iam.UntagPolicyRequest;
import io.millrace.api.iam.UntagRoleRequest;
import io.millrace.api.iam.UntagUserRequest;
import io.millrace.engine.Transaction;
import io.millrace.identity.InstanceProfile;
import io.millrace.identity.Kind;
import io.millrace.identity.ManagedPolicy;
import io.millrace.wire.Caller;

import java.util.Map;
import java.util.function.UnaryOperator;

/// Tags of users, roles, managed policies and instance profiles: `TagUser` and so on. Errors:
/// `InvalidInput`, `LimitExceeded`, `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html).
final class TagOperations {
    private final Entities entities;

    TagOperations(Entities entities) {
        this.entities = entities;
    }

    Unit tagUser(Caller caller, TagUserRequest request) {
        return changeUser(
                caller, request.userName(), tags -> Tags.with(tags, request.tags(), "TagsPerUser"));
    }

    Unit untagUser(Caller caller, UntagUserRequest request) {
        return changeUser(
                caller, request.userName(), tags -> Tags.without(tags, request.tagKeys()));
    }

    ListUserTagsResponse listUserTags(Caller caller, ListUserTagsRequest request) {
        Map<String, String> tags = entities.require(caller, Kind.USER, request.userName()).tags();
        ListPage<Tag> page = Tags.page(tags, request.marker(), request.maxItems());
        return new ListUserTagsResponse(page.items(), page.isTruncated(), page.marker());
    }

    Unit tagRole(Caller caller, TagRoleRequest request) {
        return changeRole(
                caller, request.roleName(), tags -> Tags.with(tags, request.tags(), "TagsPerRole"));
    }

    Unit untagRole(Caller caller, UntagRoleRequest request) {
        return changeRole(
                caller, request.roleName(), tags -> Tags.without(tags, request.tagKeys()));
    }

    ListRoleTagsResponse listRoleTags(Caller caller, ListRoleTagsRequest request) {
        Map<String, String> tags = entities.require(caller, Kind.ROLE, request.roleName()).tags();
        ListPage<Tag> page = Tags.page(tags, request.marker(), request.maxItems());
        return new ListRoleTagsResponse(page.items(), page.isTruncated(), page.marker());
    }

    Unit tagPolicy(Caller caller, TagPolicyRequest request) {
        return changePolicy(
                caller,
                request.policyArn(),
                tags -> Tags.with(tags, request.tags(), "TagsPerPolicy"));
    }

    Unit untagPolicy(Caller caller, UntagPolicyRequest request) {
        return changePolicy(
                caller, request.policyArn(), tags -> Tags.without(tags, request.tagKeys()));
    }

    ListPolicyTagsResponse listPolicyTags(Caller caller, ListPolicyTagsRequest request) {
        Map<String, String> tags =
                entities.identities()
                        .read(snapshot ->
                                entities.requirePolicy(snapshot, caller, request.policyArn()))
                        .tags();
        ListPage<Tag> page = Tags.page(tags, request.marker(), request.maxItems());
        return new ListPolicyTagsResponse(page.items(), page.isTruncated(), page.marker());
    }

    Unit tagInstanceProfile(Caller caller, TagInstanceProfileRequest request) {
        return changeInstanceProfile(
                caller,
                request.instanceProfileName(),
                tags -> Tags.with(tags, request.tags(), "TagsPerInstanceProfile"));
    }

    Unit untagInstanceProfile(Caller caller, UntagInstanceProfileRequest request) {
        return changeInstanceProfile(
                caller,
                request.instanceProfileName(),
                tags -> Tags.without(tags, request.tagKeys()));
    }

    ListInstanceProfileTagsResponse listInstanceProfileTags(
            Caller caller, ListInstanceProfileTagsRequest request) {
        Map<String, String> tags =
                entities.identities()
                        .read(snapshot ->
                                entities.requireProfile(
                                        snapshot, caller, request.instanceProfileName()))
                        .tags();
        ListPage<Tag> page = Tags.page(tags, request.marker(), request.maxItems());
        return new ListInstanceProfileTagsResponse(page.items(), page.isTruncated(), page.marker());
    }

    private Unit changeUser(Caller caller, String name, UnaryOperator<Map<String, String>> change) {
        entities.change(caller, Kind.USER, name, one -> one.withTags(change.apply(one.tags())));
        return Unit.UNIT;
    }

    private Unit changeRole(Caller caller, String name, UnaryOperator<Map<String, String>> change) {
        entities.change(caller, Kind.ROLE, name, one -> one.withTags(change.apply(one.tags())));
        return Unit.UNIT;
    }

    private Unit changePolicy(
            Caller caller, String arn, UnaryOperator<Map<String, String>> change) {
        return entities.identities().write(tx -> changePolicy(tx, caller, arn, change));
    }

    private Unit changePolicy(
            Transaction tx, Caller caller, String arn, UnaryOperator<Map<String, String>> change) {
        ManagedPolicy before = entities.requireOwnPolicy(tx, caller, arn);
        entities.identities()
                .put(tx, caller.accountId(), before, before.withTags(change.apply(before.tags())));
        return Unit.UNIT;
    }

    private Unit changeInstanceProfile(
            Caller caller, String name, UnaryOperator<Map<String, String>> change) {
        return entities.identities().write(tx -> changeInstanceProfile(tx, caller, name, change));
    }

    private Unit changeInstanceProfile(
            Transaction tx, Caller caller, String name, UnaryOperator<Map<String, String>> change) {
        InstanceProfile before = entities.requireProfile(tx, caller, name);
        entities.identities()
                .put(tx, caller.accountId(), before, before.withTags(change.apply(before.tags())));
        return Unit.UNIT;
    }
}
