package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.service.dynamodb.Table.Index;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Counts what one run of a request's transaction uses, and refuses what is beyond the limits. Only
/// the run that was the last is charged, by [MeteredStore], after it ended. Not thread-safe.
final class Meter {

    private record Access(
            Table table, @Nullable Index index, Map<String, AttributeValue> attributes) {}

    private final ThroughputLimits limits;
    private final KeyInsights insights;
    private final List<Consumption> consumptions = new ArrayList<>(1);
    private @Nullable List<Access> accesses;
    private @Nullable Access throttled;
    private boolean refused;

    Meter(ThroughputLimits limits, KeyInsights insights) {
        this.limits = limits;
        this.insights = insights;
    }

    /// For reads of a table or an index.
    ///
    /// @param key of the item or of the query's partition; empty when there is none
    /// @throws io.millrace.wire.ServiceException when nothing is left, so that nothing is read in
    ///   vain
    Consumption reads(Table table, @Nullable Index index, Map<String, AttributeValue> key) {
        Consumption consumption = reads(table, Consumption.Kind.PLAIN);
        consumption.accessed(index, key);
        consumption.check(index);
        return consumption;
    }

    /// For reads that are checked one by one.
    Consumption reads(Table table, Consumption.Kind kind) {
        Consumption consumption = new Consumption(table, kind, CapacityKind.READ, this);
        consumptions.add(consumption);
        return consumption;
    }

    /// For writes, which are checked one by one as they are counted.
    Consumption writes(Table table, Consumption.Kind kind) {
        Consumption consumption = new Consumption(table, kind, CapacityKind.WRITE, this);
        consumptions.add(consumption);
        return consumption;
    }

    /// @param index a global index, or null for the table itself
    void check(Table table, @Nullable Index index, CapacityKind kind, double used) {
        if (!limits.allows(table, index, kind, used)) {
            refused = true;
            throttled = accesses == null ? null : accesses.getLast();
            throw DynamoDbErrors.throttled(table, index, kind);
        }
    }

    /// An access to an item, or to the partition of a query.
    void accessed(Table table, @Nullable Index index, Map<String, AttributeValue> attributes) {
        if (table.features().insights().isEmpty()) {
            return;
        }
        if (accesses == null) {
            accesses = new ArrayList<>();
        }
        accesses.add(new Access(table, index, attributes));
    }

    /// Whether anything was beyond a limit.
    boolean refused() {
        return refused;
    }

    /// Charges what was used.
    void settle() {
        discard();
        for (Consumption consumption : consumptions) {
            consumption.charge(limits);
        }
        if (accesses != null) {
            for (Access access : accesses) {
                insights.count(access.table(), access.index(), access.attributes(), false);
            }
        }
    }

    /// Counts only what was refused.
    void discard() {
        if (throttled != null) {
            insights.count(throttled.table(), throttled.index(), throttled.attributes(), true);
        }
    }
}
