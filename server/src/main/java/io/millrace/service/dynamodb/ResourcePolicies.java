package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DeleteResourcePolicyInput;
import io.millrace.api.dynamodb.DeleteResourcePolicyOutput;
import io.millrace.api.dynamodb.GetResourcePolicyInput;
import io.millrace.api.dynamodb.GetResourcePolicyOutput;
import io.millrace.api.dynamodb.PutResourcePolicyInput;
import io.millrace.api.dynamodb.PutResourcePolicyOutput;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.policy.Decision;
import io.millrace.policy.Policy;
import io.millrace.policy.StoredPolicy;
import io.millrace.storage.ResourceCodec;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;

/// `PutResourcePolicy`, `GetResourcePolicy` and `DeleteResourcePolicy`: who may use a table or its
/// stream, also from other accounts. A change holds for every request that begins after its answer.
///
/// Errors: `AccessDeniedException`, `PolicyNotFoundException`, `ResourceNotFoundException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html).
final class ResourcePolicies {
    private static final ResourceCodec<StoredPolicy> CODEC =
            new ResourceCodec<>(StoredPolicy.class);
    private static final String NO_POLICY = "NO_POLICY";

    private final Store store;
    private final InstantSource clock;

    ResourcePolicies(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    PutResourcePolicyOutput put(Caller caller, PutResourcePolicyInput request) {
        PolicyTarget target = PolicyTarget.of(caller, request.resourceArn());
        Policy policy = PolicyRules.check(request.policy(), target);
        TableName name = target.table();
        Permission later = new Permission(caller, "PutResourcePolicy", null);
        boolean locksOut = policy.evaluate(later.access(name)) == Decision.EXPLICIT_DENY;
        long now = clock.millis();
        return store.write(tx -> {
            Table table = target.open(tx);
            StoredPolicy old = find(tx, target);
            checkRevision(request.expectedRevisionId(), old, target);
            if (locksOut && !Boolean.TRUE.equals(request.confirmRemoveSelfResourceAccess())) {
                throw DynamoDbErrors.denied(
                        "The new resource policy will not allow you to update the resource policy in"
                                + " the future.");
            }
            if (old != null && policy.text().equals(old.text())) {
                return new PutResourcePolicyOutput(old.revisionId());
            }
            String revision = old == null ? Long.toString(now) : old.nextRevisionId(now);
            put(tx, target, table, new StoredPolicy(policy.text(), revision));
            return new PutResourcePolicyOutput(revision);
        });
    }

    /// The policy of a table that is being created, and the table that has it.
    static Table create(Transaction tx, Table table, Policy policy) {
        PolicyTarget target = PolicyTarget.of(table);
        tx.put(
                target.key(),
                CODEC.encode(
                        new StoredPolicy(policy.text(), Long.toString(table.createdMillis()))));
        return table.with(table.features().guarded(true));
    }

    private static void put(Transaction tx, PolicyTarget target, Table table, StoredPolicy stored) {
        tx.put(target.key(), CODEC.encode(stored));
        boolean guarded = stored.text() != null;
        if (target.streamLabel() == null && table.features().guarded() != guarded) {
            Tables.put(tx, table.with(table.features().guarded(guarded)));
        }
    }

    GetResourcePolicyOutput get(Caller caller, GetResourcePolicyInput request) {
        PolicyTarget target = PolicyTarget.of(caller, request.resourceArn());
        return store.read(tx -> {
            target.open(tx);
            StoredPolicy stored = find(tx, target);
            if (stored == null || stored.text() == null) {
                throw DynamoDbErrors.policyNotFound(request.resourceArn());
            }
            return new GetResourcePolicyOutput(stored.text(), stored.revisionId());
        });
    }

    /// Of the table's own account's root nothing can take this.
    DeleteResourcePolicyOutput delete(Caller caller, DeleteResourcePolicyInput request) {
        PolicyTarget asked = PolicyTarget.of(caller, request.resourceArn());
        boolean root = caller.principalArn().endsWith(":root");
        PolicyTarget target = root ? asked.unchecked() : asked;
        long now = clock.millis();
        return store.write(tx -> {
            Table table = target.open(tx);
            StoredPolicy old = find(tx, target);
            String expected = request.expectedRevisionId();
            checkRevision(expected, old, target);
            if (old == null || old.text() == null) {
                return new DeleteResourcePolicyOutput(old == null ? null : old.revisionId());
            }
            put(tx, target, table, new StoredPolicy(null, old.nextRevisionId(now)));
            return new DeleteResourcePolicyOutput(old.revisionId());
        });
    }

    private static void checkRevision(
            @Nullable String expected, @Nullable StoredPolicy old, PolicyTarget target) {
        if (expected == null) {
            return;
        }
        String table = target.table().name();
        String revision = old == null || old.text() == null ? null : old.revisionId();
        if (expected.equals(NO_POLICY)) {
            if (revision != null) {
                throw DynamoDbErrors.policyNotFound(
                        "Requested policy update expecting none to be present for table "
                                + table
                                + ", but a policy exists with revision id "
                                + revision
                                + ".");
            }
        } else if (!expected.equals(revision)) {
            String requested =
                    "Requested update for policy with revision id " + expected + ", but ";
            throw DynamoDbErrors.policyNotFound(
                    revision == null
                            ? requested + "table " + table + " has no associated policy."
                            : requested
                                    + "the policy associated to target table "
                                    + table
                                    + " has revision id "
                                    + revision
                                    + ".");
        }
    }

    /// The policy of a table; null when it has none.
    static @Nullable String text(Snapshot tx, TableName name) {
        StoredPolicy stored = CODEC.decodeOrNull(tx.get(DynamoDbKeys.resourcePolicy(name)));
        return stored == null ? null : stored.text();
    }

    static Decision evaluate(Snapshot tx, TableName name, Permission permission) {
        StoredPolicy stored = CODEC.decodeOrNull(tx.get(DynamoDbKeys.resourcePolicy(name)));
        return stored == null || stored.text() == null
                ? Decision.IMPLICIT_DENY
                : Policy.kept(stored.text()).evaluate(permission.access(name));
    }

    private static @Nullable StoredPolicy find(Snapshot tx, PolicyTarget target) {
        return CODEC.decodeOrNull(tx.get(target.key()));
    }

    /// Of a table that is being deleted.
    static void drop(Transaction tx, Table table) {
        if (table.features().guarded()) {
            tx.delete(PolicyTarget.of(table).key());
        }
    }
}
