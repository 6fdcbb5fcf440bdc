package io.millrace.service.dynamodb;

import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.Throughput;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// The throughput that a table and its global indexes asked to be ready for, as far as it is more
/// than what they are ready for anyway. It is told, and never falls; a server of its own has
/// nothing to warm. Source: [warm
/// throughput](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html).
///
/// @param table null when the table has no more than anyway
/// @param indexes by the internal number of the index
record WarmThroughput(@Nullable Units table, Map<Long, Units> indexes) {
    static final WarmThroughput NONE = new WarmThroughput(null, Map.of());

    private static final Units ON_DEMAND = new Units(12_000, 4_000);
    private static final String INITIAL =
            "initial throughput for OnDemand. See:"
                    + " https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial";

    record Units(long reads, long writes) {

        private Units max(Units other) {
            return new Units(Math.max(reads, other.reads), Math.max(writes, other.writes));
        }
    }

    WarmThroughput {
        indexes = indexes == null ? Map.of() : Map.copyOf(indexes);
    }

    private static WarmThroughput of(Table table) {
        WarmThroughput warm = table.features().warmThroughput();
        return warm == null ? NONE : warm;
    }

    /// What the table is ready for.
    static Units ofTable(Table table) {
        return atLeast(initial(table.settings().throughput()), of(table).table());
    }

    static Units ofIndex(Table table, Index index) {
        return atLeast(initial(index.throughput()), of(table).indexes().get(index.number()));
    }

    private static Units initial(@Nullable Throughput throughput) {
        return throughput == null
                ? ON_DEMAND
                : new Units(throughput.readUnits(), throughput.writeUnits());
    }

    private static Units atLeast(Units initial, @Nullable Units asked) {
        return asked == null ? initial : initial.max(asked);
    }

    /// The table as created with these units.
    ///
    /// @param index null for the table itself
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static Table create(
            Table table,
            @Nullable Index index,
            io.millrace.api.dynamodb.@Nullable WarmThroughput asked) {
        if (asked == null) {
            return table;
        }
        Throughput provisioned = index == null ? table.settings().throughput() : index.throughput();
        Units least = initial(provisioned);
        Units units = units(asked, least);
        if (units.reads() < least.reads()) {
            throw lower(
                    "Read",
                    index,
                    provisioned == null ? INITIAL : "ReadCapacityUnits of ProvisionedThroughput");
        }
        if (units.writes() < least.writes()) {
            throw lower(
                    "Write",
                    index,
                    provisioned == null ? INITIAL : "WriteCapacityUnits of ProvisionedThroughput");
        }
        return put(table, index, units);
    }

    /// The table as updated to these units.
    ///
    /// @param index null for the table itself
    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static Table update(
            Table table, @Nullable Index index, io.millrace.api.dynamodb.WarmThroughput asked) {
        Units current = index == null ? ofTable(table) : ofIndex(table, index);
        Units units = units(asked, current);
        String reason = "current WarmThroughput, decreasing WarmThroughput is not supported";
        if (units.reads() < current.reads()) {
            throw lower("Read", index, reason);
        }
        if (units.writes() < current.writes()) {
            throw lower("Write", index, reason);
        }
        return put(table, index, units);
    }

    /// A table after a change of throughput, its own or an index's, is still ready for what it was
    /// ready for before.
    static Table kept(Table before, Table after) {
        Units units = ofTable(after).max(ofTable(before));
        Table kept = units.equals(ofTable(after)) ? after : put(after, null, units);
        for (Index index : after.indexes(true)) {
            Index old = before.index(index.name());
            Units now = ofIndex(after, index);
            Units least = old == null ? now : now.max(ofIndex(before, old));
            kept = least.equals(now) ? kept : put(kept, index, least);
        }
        return kept;
    }

    /// A table that has lost the index.
    static Table without(Table table, Index index) {
        WarmThroughput old = of(table);
        if (!old.indexes().containsKey(index.number())) {
            return table;
        }
        Map<Long, Units> indexes = new LinkedHashMap<>(old.indexes());
        indexes.remove(index.number());
        return table.with(table.features().with(new WarmThroughput(old.table(), indexes)));
    }

    private static Units units(io.millrace.api.dynamodb.WarmThroughput asked, Units others) {
        Long reads = asked.readUnitsPerSecond();
        Long writes = asked.writeUnitsPerSecond();
        return new Units(
                reads == null ? others.reads() : reads, writes == null ? others.writes() : writes);
    }

    private static Table put(Table table, @Nullable Index index, Units units) {
        WarmThroughput old = of(table);
        Map<Long, Units> indexes = new LinkedHashMap<>(old.indexes());
        if (index != null) {
            indexes.put(index.number(), units);
        }
        WarmThroughput changed = new WarmThroughput(index == null ? units : old.table(), indexes);
        return table.with(table.features().with(changed));
    }

    private static ServiceException lower(String direction, @Nullable Index index, String reason) {
        return DynamoDbErrors.invalid(
                "Requested "
                        + direction
                        + "UnitsPerSecond for WarmThroughput for "
                        + (index == null ? "table" : "index " + index.name())
                        + " is lower than "
                        + reason);
    }
}
