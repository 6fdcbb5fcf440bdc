package io.millrace.service.iam;

import io.millrace.api.iam.ListEntitiesForPolicyRequest;
import io.millrace.api.iam.ListEntitiesForPolicyResponse;
import io.millrace.api.iam.PolicyGroup;
import io.millrace.api.iam.PolicyRole;
import io.millrace.api.iam.PolicyUser;
import io.millrace.engine.Snapshot;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.Link;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.ArrayList;
import java.util.List;

/// `ListEntitiesForPolicy`: users, then groups, then roles that a managed policy is attached to, or
/// whose boundary it is. Errors: `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html).
final class ListEntitiesForPolicy
        implements Operation<ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse> {
    private static final List<Kind> KINDS = List.of(Kind.USER, Kind.GROUP, Kind.ROLE);
    private static final int LINKED_MAX =
            IamLimits.USERS_MAX + IamLimits.GROUPS_MAX + IamLimits.ROLES_MAX;

    private final Entities entities;

    ListEntitiesForPolicy(Entities entities) {
        this.entities = entities;
    }

    @Override
    public ListEntitiesForPolicyResponse handle(
            Caller caller, ListEntitiesForPolicyRequest request) {
        List<StoredPrincipal> all =
                entities.identities().read(snapshot -> all(snapshot, caller, request));
        ListPage<StoredPrincipal> page =
                ListPage.of(
                        all,
                        each -> KINDS.indexOf(each.kind()) + each.name(),
                        request.marker(),
                        request.maxItems());
        return ListEntitiesForPolicyResponse.builder()
                .policyUsers(
                        of(page, Kind.USER).map(e -> new PolicyUser(e.name(), e.id())).toList())
                .policyGroups(
                        of(page, Kind.GROUP).map(e -> new PolicyGroup(e.name(), e.id())).toList())
                .policyRoles(
                        of(page, Kind.ROLE).map(e -> new PolicyRole(e.name(), e.id())).toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    private static java.util.stream.Stream<StoredPrincipal> of(
            ListPage<StoredPrincipal> page, Kind kind) {
        return page.items().stream().filter(each -> each.kind() == kind);
    }

    private List<StoredPrincipal> all(
            Snapshot snapshot, Caller caller, ListEntitiesForPolicyRequest request) {
        entities.requirePolicy(snapshot, caller, request.policyArn());
        IdentityStore identities = entities.identities();
        List<StoredPrincipal> found = new ArrayList<>();
        for (Link link : links(request)) {
            for (Kind kind : KINDS) {
                if (!isWanted(request, kind)) {
                    continue;
                }
                for (String name :
                        identities.linkedNames(
                                snapshot,
                                caller.accountId(),
                                link,
                                request.policyArn(),
                                kind,
                                LINKED_MAX)) {
                    StoredPrincipal one = entities.require(snapshot, caller, kind, name);
                    if (one.path().startsWith(Entities.path(request.pathPrefix()))
                            && !found.contains(one)) {
                        found.add(one);
                    }
                }
            }
        }
        return found;
    }

    private static List<Link> links(ListEntitiesForPolicyRequest request) {
        String usage = request.policyUsageFilter();
        return usage == null
                ? List.of(Link.ATTACHED, Link.BOUNDARY)
                : List.of(usage.equals("PermissionsBoundary") ? Link.BOUNDARY : Link.ATTACHED);
    }

    private static boolean isWanted(ListEntitiesForPolicyRequest request, Kind kind) {
        String filter = request.entityFilter();
        return filter == null || filter.equals(IamErrors.capital(kind));
    }
}
