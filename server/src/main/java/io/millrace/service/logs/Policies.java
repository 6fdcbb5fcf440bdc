package io.millrace.service.logs;

import io.millrace.api.Unit;
import io.millrace.api.logs.DeleteResourcePolicyRequest;
import io.millrace.api.logs.DescribeResourcePoliciesRequest;
import io.millrace.api.logs.DescribeResourcePoliciesResponse;
import io.millrace.api.logs.PutResourcePolicyRequest;
import io.millrace.api.logs.PutResourcePolicyResponse;
import io.millrace.api.logs.ResourcePolicy;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.policy.Policy;
import io.millrace.policy.PolicyException;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `PutResourcePolicy`, `DescribeResourcePolicies` and `DeleteResourcePolicy`: which services may
/// write to the groups of an account. Durable when they return. Errors:
/// `InvalidParameterException`, `LimitExceededException`, `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html).
final class Policies {
    private static final String ACCOUNT = "ACCOUNT";

    private final Store store;
    private final InstantSource clock;
    private final ResourceCodec<StoredPolicy> codec = new ResourceCodec<>(StoredPolicy.class);

    Policies(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// The account's policies in a region, in the order of their names.
    List<StoredPolicy> of(Snapshot snapshot, String accountId, String region) {
        List<StoredPolicy> policies = new ArrayList<>();
        try (Cursor cursor = snapshot.prefix(LogsKeys.policies(accountId, region))) {
            while (cursor.next()) {
                policies.add(codec.decode(cursor.value()));
            }
        }
        return policies;
    }

    PutResourcePolicyResponse put(Caller caller, PutResourcePolicyRequest request) {
        checkScope(request.resourceArn(), null);
        String name = required("policyName", request.policyName());
        String document = required("policyDocument", request.policyDocument());
        if (document.length() > LogsLimits.POLICY_LENGTH_MAX) {
            throw LogsErrors.limitExceeded();
        }
        try {
            Policy.parse(document);
        } catch (PolicyException _) {
            throw LogsErrors.invalidParameter(
                    "Error occurred while parsing accessPolicy. Please check if the accessPolicy"
                            + " has been constructed correctly using IAM grammar.");
        }
        StoredPolicy policy = new StoredPolicy(name, document, clock.millis());
        byte[] key = LogsKeys.policy(caller.accountId(), caller.region(), name);
        store.write(tx -> {
            if (tx.get(key) == null
                    && of(tx, caller.accountId(), caller.region()).size()
                            >= LogsLimits.POLICIES_MAX) {
                throw LogsErrors.limitExceeded();
            }
            tx.put(key, codec.encode(policy));
            return true;
        });
        return PutResourcePolicyResponse.builder().resourcePolicy(shape(policy)).build();
    }

    DescribeResourcePoliciesResponse describe(
            Caller caller, DescribeResourcePoliciesRequest request) {
        checkScope(request.resourceArn(), request.policyScope());
        String after = Page.after(request.nextToken());
        Page<ResourcePolicy> page = new Page<>(request.limit());
        for (StoredPolicy policy :
                store.read(snapshot -> of(snapshot, caller.accountId(), caller.region()))) {
            boolean wanted = after == null || policy.name().compareTo(after) > 0;
            if (wanted && !page.add(policy.name(), shape(policy))) {
                break;
            }
        }
        return DescribeResourcePoliciesResponse.builder()
                .resourcePolicies(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    Unit delete(Caller caller, DeleteResourcePolicyRequest request) {
        checkScope(request.resourceArn(), null);
        String name = required("policyName", request.policyName());
        byte[] key = LogsKeys.policy(caller.accountId(), caller.region(), name);
        store.write(tx -> {
            if (tx.get(key) == null) {
                throw LogsErrors.notFound("Policy with name [" + name + "] does not exist");
            }
            tx.delete(key);
            return true;
        });
        return Unit.UNIT;
    }

    private static void checkScope(@Nullable String resourceArn, @Nullable String scope) {
        if (resourceArn != null || (scope != null && !scope.equals(ACCOUNT))) {
            throw LogsErrors.notImplemented("A resource policy of a single log group");
        }
    }

    private static String required(String name, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw LogsErrors.invalidParameter("Missing required parameter: " + name);
        }
        return value;
    }

    private static ResourcePolicy shape(StoredPolicy policy) {
        return ResourcePolicy.builder()
                .policyName(policy.name())
                .policyDocument(policy.document())
                .lastUpdatedTime(policy.updatedMillis())
                .policyScope(ACCOUNT)
                .build();
    }
}
