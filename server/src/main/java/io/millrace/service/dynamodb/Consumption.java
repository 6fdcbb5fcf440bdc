package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.api.dynamodb.Capacity;
import io.millrace.api.dynamodb.ConsumedCapacity;
import io.millrace.api.dynamodb.VectorCapacity;
import io.millrace.service.dynamodb.Table.Index;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// The capacity units that a request uses on one table. One per request and table, and per run of a
/// transaction; not thread-safe. Source: [capacity
/// units](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/provisioned-capacity-mode.html).
final class Consumption {

    /// What the request does, and so which members of the answer tell it.
    enum Kind {
        PLAIN,
        TRANSACT_READ,
        TRANSACT_WRITE
    }

    private static final double EVENTUAL = 0.5;
    private static final double TRANSACT = 2;

    private final Table table;
    private final Kind kind;
    private final CapacityKind capacity;
    private final @Nullable Meter meter;
    private double tableUnits;
    private final Map<Index, Double> indexUnits = new LinkedHashMap<>();
    private final Map<String, Double> vectorBytes = new LinkedHashMap<>();

    /// Counts without a limit.
    Consumption(Table table, Kind kind) {
        this(table, kind, CapacityKind.WRITE, null);
    }

    /// @param meter knows the limits; null without any
    Consumption(Table table, Kind kind, CapacityKind capacity, @Nullable Meter meter) {
        this.table = table;
        this.kind = kind;
        this.capacity = capacity;
        this.meter = meter;
    }

    Table table() {
        return table;
    }

    /// The units of reading so many bytes at once.
    static double readUnits(long bytes, boolean consistent) {
        long units = Math.max(1, Math.ceilDiv(bytes, DynamoDbLimits.READ_UNIT_BYTES));
        return consistent ? units : units * EVENTUAL;
    }

    static double writeUnits(long bytes) {
        return Math.max(1, Math.ceilDiv(bytes, DynamoDbLimits.WRITE_UNIT_BYTES));
    }

    /// @param index null for the table itself
    /// @throws io.millrace.wire.ServiceException when a write is beyond the limits
    void add(@Nullable Index index, double units) {
        if (capacity == CapacityKind.WRITE) {
            check(index);
        }
        double counted = kind == Kind.PLAIN ? units : units * TRANSACT;
        if (index == null) {
            tableUnits += counted;
        } else {
            indexUnits.merge(index, counted, Double::sum);
        }
    }

    /// Vector indexes are charged by the byte, and at least for 1 KB.
    void addVectorWrite(VectorIndex index, long bytes) {
        double charged = Math.max(DynamoDbLimits.VECTOR_REQUEST_BYTES_MIN, bytes);
        vectorBytes.merge(index.name(), charged, Double::sum);
    }

    void add(Consumption other) {
        tableUnits += other.tableUnits;
        other.indexUnits.forEach((index, units) -> indexUnits.merge(index, units, Double::sum));
        other.vectorBytes.forEach((index, bytes) -> vectorBytes.merge(index, bytes, Double::sum));
    }

    /// @throws io.millrace.wire.ServiceException when there is no capacity left
    void check(@Nullable Index index) {
        if (meter != null) {
            Index limited = limited(index);
            double used = limited == null ? ofTable() : indexUnits.getOrDefault(limited, 0.0);
            meter.check(table, limited, capacity, used);
        }
    }

    /// What has its own capacity: a global index; a local one uses its table's.
    private static @Nullable Index limited(@Nullable Index index) {
        return index != null && index.global() ? index : null;
    }

    private double ofTable() {
        double units = tableUnits;
        for (Map.Entry<Index, Double> entry : indexUnits.entrySet()) {
            units += entry.getKey().global() ? 0 : entry.getValue();
        }
        return units;
    }

    /// Tells the meter of an item, or of the partition of a query.
    void accessed(@Nullable Index index, Map<String, AttributeValue> attributes) {
        if (meter != null) {
            meter.accessed(table, limited(index), attributes);
        }
    }

    void charge(ThroughputLimits limits) {
        limits.charge(table, null, capacity, ofTable());
        indexUnits.forEach((index, units) -> {
            if (index.global()) {
                limits.charge(table, index, capacity, units);
            }
        });
    }

    /// As the answer tells it, or null when the request did not ask.
    ///
    /// @param mode `ReturnConsumedCapacity`
    @Nullable ConsumedCapacity tell(@Nullable String mode) {
        if (mode == null || mode.equals("NONE")) {
            return null;
        }
        double total = tableUnits;
        for (double units : indexUnits.values()) {
            total += units;
        }
        ConsumedCapacity.Builder capacity =
                ConsumedCapacity.builder().tableName(table.name()).capacityUnits(total);
        if (kind == Kind.TRANSACT_READ) {
            capacity.readCapacityUnits(total);
        } else if (kind == Kind.TRANSACT_WRITE) {
            capacity.writeCapacityUnits(total);
        }
        if (mode.equals("INDEXES")) {
            capacity.table(capacity(tableUnits))
                    .localSecondaryIndexes(indexes(false))
                    .globalSecondaryIndexes(indexes(true))
                    .vectorIndexes(vectorIndexes());
        }
        return capacity.build();
    }

    private Capacity capacity(double units) {
        return Capacity.builder()
                .capacityUnits(units)
                .readCapacityUnits(kind == Kind.TRANSACT_READ ? Double.valueOf(units) : null)
                .writeCapacityUnits(kind == Kind.TRANSACT_WRITE ? Double.valueOf(units) : null)
                .build();
    }

    private @Nullable Map<String, VectorCapacity> vectorIndexes() {
        Map<String, VectorCapacity> capacities = new LinkedHashMap<>();
        vectorBytes.forEach((index, bytes) ->
                capacities.put(
                        index, VectorCapacity.builder().vectorWriteRequestBytes(bytes).build()));
        return capacities.isEmpty() ? null : capacities;
    }

    private @Nullable Map<String, Capacity> indexes(boolean global) {
        Map<String, Capacity> capacities = new LinkedHashMap<>();
        indexUnits.forEach((index, units) -> {
            if (index.global() == global) {
                capacities.put(index.name(), capacity(units));
            }
        });
        return capacities.isEmpty() ? null : capacities;
    }
}
