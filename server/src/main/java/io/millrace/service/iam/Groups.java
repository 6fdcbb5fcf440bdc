package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.AddUserToGroupRequest;
import io.millrace.api.iam.CreateGroupRequest;
import io.millrace.api.iam.CreateGroupResponse;
import io.millrace.api.iam.DeleteGroupRequest;
import io.millrace.api.iam.GetGroupRequest;
import io.millrace.api.iam.GetGroupResponse;
import io.millrace.api.iam.Group;
import io.millrace.api.iam.ListGroupsForUserRequest;
import io.millrace.api.iam.ListGroupsForUserResponse;
import io.millrace.api.iam.ListGroupsRequest;
import io.millrace.api.iam.ListGroupsResponse;
import io.millrace.api.iam.RemoveUserFromGroupRequest;
import io.millrace.api.iam.UpdateGroupRequest;
import io.millrace.api.iam.User;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.Link;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;

import java.time.InstantSource;
import java.util.List;

/// Groups and who is in them: `CreateGroup`, `GetGroup`, `ListGroups`, `UpdateGroup`,
/// `DeleteGroup`, `AddUserToGroup`, `RemoveUserFromGroup` and `ListGroupsForUser`. Errors:
/// `DeleteConflict`, `EntityAlreadyExists`, `LimitExceeded`, `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html).
final class Groups {
    private final Entities entities;
    private final InstantSource clock;

    Groups(Entities entities, InstantSource clock) {
        this.entities = entities;
        this.clock = clock;
    }

    CreateGroupResponse create(Caller caller, CreateGroupRequest request) {
        IdentityStore identities = entities.identities();
        StoredPrincipal group =
                StoredPrincipal.of(
                        Kind.GROUP,
                        request.groupName(),
                        Entities.path(request.path()),
                        identities.newId(Kind.GROUP),
                        clock.millis());
        identities.write(tx -> {
            entities.requireFree(tx, caller, Kind.GROUP, group.name());
            if (identities.count(tx, caller.accountId(), Kind.GROUP) >= IamLimits.GROUPS_MAX) {
                throw IamErrors.quota("GroupsPerAccount", IamLimits.GROUPS_MAX);
            }
            identities.put(tx, caller.accountId(), null, group);
            return group;
        });
        return new CreateGroupResponse(Views.group(caller.accountId(), group));
    }

    GetGroupResponse get(Caller caller, GetGroupRequest request) {
        return entities.identities().read(snapshot -> get(snapshot, caller, request));
    }

    private GetGroupResponse get(Snapshot snapshot, Caller caller, GetGroupRequest request) {
        String account = caller.accountId();
        StoredPrincipal group = entities.require(snapshot, caller, Kind.GROUP, request.groupName());
        ListPage<User> page =
                ListPage.of(
                        snapshot,
                        entities.identities().linked(account, Link.MEMBER, group.name(), Kind.USER),
                        request.marker(),
                        request.maxItems(),
                        cursor ->
                                Views.listedUser(
                                        account,
                                        entities.require(
                                                snapshot,
                                                caller,
                                                Kind.USER,
                                                IdentityStore.linkedName(cursor.key()))));
        return new GetGroupResponse(
                Views.group(account, group), page.items(), page.isTruncated(), page.marker());
    }

    ListGroupsResponse list(Caller caller, ListGroupsRequest request) {
        ListPage<StoredPrincipal> page =
                entities.page(
                        caller,
                        Kind.GROUP,
                        request.pathPrefix(),
                        request.marker(),
                        request.maxItems());
        List<Group> groups =
                page.items().stream().map(each -> Views.group(caller.accountId(), each)).toList();
        return new ListGroupsResponse(groups, page.isTruncated(), page.marker());
    }

    /// Members know their groups by name, so each of them changes too.
    Unit update(Caller caller, UpdateGroupRequest request) {
        return entities.identities().write(tx -> update(tx, caller, request));
    }

    private Unit update(Transaction tx, Caller caller, UpdateGroupRequest request) {
        String old = entities.require(tx, caller, Kind.GROUP, request.groupName()).name();
        List<String> members = members(tx, caller, old);
        StoredPrincipal group =
                entities.rename(
                        tx, caller, Kind.GROUP, old, request.newGroupName(), request.newPath());
        if (!group.name().equals(old)) {
            for (String member : members) {
                entities.change(
                        tx,
                        caller,
                        Kind.USER,
                        member,
                        user ->
                                user.withGroups(
                                        user.groups().stream()
                                                .map(each -> each.equals(old) ? group.name() : each)
                                                .toList()));
            }
        }
        return Unit.UNIT;
    }

    private List<String> members(Snapshot snapshot, Caller caller, String group) {
        return entities.identities()
                .linkedNames(
                        snapshot,
                        caller.accountId(),
                        Link.MEMBER,
                        group,
                        Kind.USER,
                        IamLimits.USERS_MAX);
    }

    Unit delete(Caller caller, DeleteGroupRequest request) {
        IdentityStore identities = entities.identities();
        return identities.write(tx -> {
            StoredPrincipal group = entities.require(tx, caller, Kind.GROUP, request.groupName());
            if (identities.count(tx, caller.accountId(), Link.MEMBER, group.name()) > 0) {
                throw IamErrors.deleteConflict(
                        "Cannot delete entity, must remove users from group first.");
            }
            Entities.checkWithoutPolicies(group);
            identities.put(tx, caller.accountId(), group, null);
            return Unit.UNIT;
        });
    }

    Unit add(Caller caller, AddUserToGroupRequest request) {
        return entities.identities()
                .write(tx -> {
                    String group =
                            entities.require(tx, caller, Kind.GROUP, request.groupName()).name();
                    entities.change(
                            tx,
                            caller,
                            Kind.USER,
                            request.userName(),
                            user -> user.withGroups(with(user.groups(), group)));
                    return Unit.UNIT;
                });
    }

    private static List<String> with(List<String> groups, String group) {
        List<String> more = StoredPrincipal.with(groups, group);
        if (more.size() > IamLimits.GROUPS_PER_USER_MAX) {
            throw IamErrors.quota("GroupsPerUser", IamLimits.GROUPS_PER_USER_MAX);
        }
        return more;
    }

    /// Whoever is not in the group stays out of it.
    Unit remove(Caller caller, RemoveUserFromGroupRequest request) {
        return entities.identities()
                .write(tx -> {
                    String group =
                            entities.require(tx, caller, Kind.GROUP, request.groupName()).name();
                    entities.change(
                            tx,
                            caller,
                            Kind.USER,
                            request.userName(),
                            user -> user.withGroups(StoredPrincipal.without(user.groups(), group)));
                    return Unit.UNIT;
                });
    }

    ListGroupsForUserResponse ofUser(Caller caller, ListGroupsForUserRequest request) {
        List<StoredPrincipal> groups =
                entities.identities()
                        .read(snapshot ->
                                entities
                                        .require(snapshot, caller, Kind.USER, request.userName())
                                        .groups()
                                        .stream()
                                        .map(name ->
                                                entities.require(
                                                        snapshot, caller, Kind.GROUP, name))
                                        .toList());
        ListPage<StoredPrincipal> page =
                ListPage.of(groups, StoredPrincipal::name, request.marker(), request.maxItems());
        List<Group> views =
                page.items().stream().map(each -> Views.group(caller.accountId(), each)).toList();
        return new ListGroupsForUserResponse(views, page.isTruncated(), page.marker());
    }
}
