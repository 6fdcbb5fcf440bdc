package io.millrace.service.iam;

import io.millrace.api.iam.ListPoliciesRequest;
import io.millrace.api.iam.ListPoliciesResponse;
import io.millrace.api.iam.Policy;
import io.millrace.engine.Snapshot;
import io.millrace.identity.AwsPolicies;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.Kind;
import io.millrace.identity.Link;
import io.millrace.identity.ManagedPolicy;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// `ListPolicies`: the account's in the order of names, then AWS's. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html).
final class ListPolicies implements Operation<ListPoliciesRequest, ListPoliciesResponse> {
    private static final String LOCAL = "Local";
    private static final String AWS = "AWS";

    /// What markers of AWS's policies begin with: no letter of those of the account's.
    private static final String AWS_MARKER = "aws.";

    private final Entities entities;

    ListPolicies(Entities entities) {
        this.entities = entities;
    }

    @Override
    public ListPoliciesResponse handle(Caller caller, ListPoliciesRequest request) {
        ListPage<Policy> page =
                entities.identities().read(snapshot -> page(snapshot, caller, request));
        return new ListPoliciesResponse(page.items(), page.isTruncated(), page.marker());
    }

    private ListPage<Policy> page(Snapshot snapshot, Caller caller, ListPoliciesRequest request) {
        String marker = request.marker();
        int size = request.maxItems() == null ? IamLimits.PAGE_SIZE : request.maxItems();
        List<Policy> items = new ArrayList<>();
        String scope = request.scope() == null ? "All" : request.scope();
        boolean inAws = marker != null && marker.startsWith(AWS_MARKER);
        if (!scope.equals(AWS) && !inAws) {
            ListPage<Policy> own = own(snapshot, caller, request, marker, size);
            if (own.isTruncated() || scope.equals(LOCAL)) {
                return own;
            }
            items.addAll(own.items());
        }
        if (scope.equals(LOCAL)) {
            return new ListPage<>(items, null);
        }
        if (items.size() == size) {
            return new ListPage<>(items, AWS_MARKER);
        }
        String rest = marker != null && inAws ? marker.substring(AWS_MARKER.length()) : "";
        ListPage<Policy> aws =
                ListPage.of(
                        aws(snapshot, caller, request),
                        policy -> String.valueOf(policy.policyName()),
                        rest.isEmpty() ? null : rest,
                        size - items.size());
        items.addAll(aws.items());
        return new ListPage<>(items, aws.marker() == null ? null : AWS_MARKER + aws.marker());
    }

    private ListPage<Policy> own(
            Snapshot snapshot,
            Caller caller,
            ListPoliciesRequest request,
            @Nullable String marker,
            int size) {
        IdentityStore identities = entities.identities();
        String account = caller.accountId();
        return ListPage.of(
                snapshot,
                identities.all(account, Kind.POLICY),
                marker,
                size,
                cursor -> {
                    ManagedPolicy policy = identities.decodePolicy(cursor.value());
                    return wanted(snapshot, caller, request, policy.arn(account), policy);
                });
    }

    private List<Policy> aws(Snapshot snapshot, Caller caller, ListPoliciesRequest request) {
        List<Policy> wanted = new ArrayList<>();
        AwsPolicies.all()
                .forEach((arn, policy) -> {
                    Policy view = wanted(snapshot, caller, request, arn, policy);
                    if (view != null) {
                        wanted.add(view);
                    }
                });
        return wanted;
    }

    private @Nullable Policy wanted(
            Snapshot snapshot,
            Caller caller,
            ListPoliciesRequest request,
            String arn,
            ManagedPolicy policy) {
        if (!policy.path().startsWith(Entities.path(request.pathPrefix()))) {
            return null;
        }
        IdentityStore identities = entities.identities();
        int attachments = identities.count(snapshot, caller.accountId(), Link.ATTACHED, arn);
        int boundaries = identities.count(snapshot, caller.accountId(), Link.BOUNDARY, arn);
        boolean used =
                request.policyUsageFilter() == null
                        ? attachments + boundaries > 0
                        : (request.policyUsageFilter().equals("PermissionsBoundary")
                                        ? boundaries
                                        : attachments)
                                > 0;
        boolean onlyUsed =
                Boolean.TRUE.equals(request.onlyAttached()) || request.policyUsageFilter() != null;
        return onlyUsed && !used ? null : Views.listedPolicy(arn, policy, attachments, boundaries);
    }
}
