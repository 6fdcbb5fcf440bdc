package io.millrace.service.dynamodb;

import io.millrace.engine.Snapshot;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.Replication.Member;
import io.millrace.service.dynamodb.Table.Settings;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The records of a global table's regions, kept in step: what belongs to the whole table is
/// written to all of them in the transaction that changes it in one.
///
/// Of the whole table are keys and indexes, billing, time to live, the change history and what
/// copies its items, since these hang on every write; a change of the table class reaches every
/// region, too. Of a region are its stream, key, policy, tags, protection, maximums and insights.
final class Replicas {
    private Replicas() {}

    /// The other regions' records.
    static List<Table> others(Snapshot tx, Table table) {
        List<Table> others = new ArrayList<>();
        Replication group = table.features().replication();
        if (group != null) {
            for (Member member : group.members()) {
                Table other =
                        member.region().equals(table.region()) ? null : find(tx, table, member);
                if (other != null) {
                    others.add(other);
                }
            }
        }
        return others;
    }

    private static @Nullable Table find(Snapshot tx, Table table, Member member) {
        return Tables.find(tx, new TableName(table.accountId(), member.region(), table.name()));
    }

    /// Writes the record of a region, and what it shares to the others.
    static void put(Transaction tx, Table table, Replication group) {
        Member own = Objects.requireNonNull(group.member(table.region()));
        Replication current = group.with(own.with(table.stream()));
        Table changed = table.with(table.features().with(current));
        Table before =
                Tables.find(tx, new TableName(table.accountId(), table.region(), table.name()));
        String oldClass = before == null ? null : before.settings().tableClass();
        boolean classChanged = !Objects.equals(oldClass, table.settings().tableClass());
        Tables.write(tx, changed);
        for (Table other : others(tx, changed)) {
            Tables.write(tx, following(other, changed, classChanged));
        }
    }

    private static Table following(Table other, Table changed, boolean classChanged) {
        Features shared = changed.features();
        Settings settings =
                new Settings(
                        changed.settings().throughput(),
                        other.settings().onDemand(),
                        changed.settings().payPerRequestMillis(),
                        classChanged
                                ? changed.settings().tableClass()
                                : other.settings().tableClass(),
                        other.settings().deletionProtection());
        return other.with(changed.schema())
                .with(settings)
                .with(
                        other.features()
                                .with(shared.replication())
                                .with(shared.timeToLive())
                                .with(shared.pointInTime())
                                .withSnapshots(shared.snapshots())
                                .withVectorIndexes(shared.vectorIndexes()));
    }

    /// Takes a region out of a global table; its items stay, for the other regions.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static void leave(Transaction tx, Table table, Replication group, Instant now) {
        if (group.isSource(table.region(), now)) {
            throw DynamoDbErrors.validation(
                    "Replica cannot be deleted because it has acted as a source region for new"
                            + " replica(s) being added to the table in the last 24 hours.");
        }
        List<Table> others = others(tx, table);
        TableStreaming.disable(tx, table, now);
        ResourcePolicies.drop(tx, table);
        Tables.delete(tx, table);
        Replication left = group.without(table.region());
        if (!others.isEmpty()) {
            Table heir = others.getFirst();
            TimeToLive active = TimeToLive.active(heir);
            if (active != null) {
                ExpiryEntries.belong(tx, active.number(), heir);
            }
            Tables.put(tx, heir.with(heir.features().with(left)));
        }
    }
}
