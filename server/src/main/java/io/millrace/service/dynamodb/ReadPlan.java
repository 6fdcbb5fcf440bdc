package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.service.dynamodb.expression.Condition;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.KeyRange;
import io.millrace.service.dynamodb.item.KeyCodec;
import io.millrace.service.dynamodb.item.Values;
import io.millrace.service.dynamodb.partiql.Statement.Order;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// What a `SELECT` reads: the ranges of keys that its `WHERE` clause leaves, one read for each, or
/// all there is.
///
/// A clause that says, in each of the cases that its `OR` and `IN` make, what the partition key is,
/// is a read for each case; any other is a scan that its condition filters. Source: the [select
/// statement](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html)
/// and public tests that ran against AWS.
///
/// @param reads in their order; a scan is a single one
/// @param scans whether it is a scan
record ReadPlan(List<Read> reads, boolean scans, Direction direction) {

    /// @param partition the partition key's values, empty for a scan
    /// @param filter what the range does not say
    /// @param single whether it is one item at most, by its whole key, and nothing more is asked
    record Read(
            List<AttributeValue> partition,
            KeyRange range,
            @Nullable ConditionExpression filter,
            boolean single) {}

    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static ReadPlan of(
            Table table, @Nullable Index index, @Nullable Condition where, List<Order> order) {
        KeySchema key = index == null ? table.key() : index.key();
        checkOrder(key, where, order);
        List<Read> reads = where == null ? List.of() : reads(table, index, key, where);
        if (reads.isEmpty()) {
            if (!order.isEmpty()) {
                throw DynamoDbErrors.validation(
                        "Must have at least one non-optional hash key condition in WHERE clause"
                                + " when using ORDER BY clause.");
            }
            return new ReadPlan(List.of(scan(table, index, where)), true, Direction.FORWARD);
        }
        checkDisjoint(reads);
        return order.isEmpty()
                ? new ReadPlan(reads, false, Direction.FORWARD)
                : ordered(key, reads, order);
    }

    /// The store key of the one item that is read, or null when it is not by a whole key.
    byte @Nullable [] singleKey() {
        return reads.size() == 1 && reads.getFirst().single()
                ? reads.getFirst().range().from()
                : null;
    }

    private static void checkOrder(KeySchema key, @Nullable Condition where, List<Order> order) {
        if (where == null && !order.isEmpty()) {
            throw DynamoDbErrors.validation(
                    "Must have WHERE clause in the statement when using ORDER BY clause.");
        }
        for (Order term : order) {
            if (!key.has(term.attribute())) {
                throw DynamoDbErrors.validation(
                        "Attribute "
                                + term.attribute()
                                + " in ORDER BY clause must be part of the primary key");
            }
        }
    }

    private static Read scan(Table table, @Nullable Index index, @Nullable Condition where) {
        int prefix = index == null ? DynamoDbKeys.ITEM : DynamoDbKeys.INDEX_ENTRY;
        long space = index == null ? table.number() : index.number();
        KeyRange all =
                new KeyRange(
                        ItemKeys.segment(prefix, space, 0, 1),
                        ItemKeys.segment(prefix, space, 1, 1));
        return new Read(
                List.of(), all, where == null ? null : ConditionExpression.of(where), false);
    }

    /// Empty when it takes a scan.
    private static List<Read> reads(
            Table table, @Nullable Index index, KeySchema key, Condition where) {
        KeyCases cases = new KeyCases(key);
        if (key.hashes().size() > 1 || !cases.pins(where)) {
            return List.of();
        }
        List<Read> reads = new ArrayList<>();
        for (KeyCases.Case one : cases.of(where)) {
            Read read = read(table, index, key, one);
            if (read == null) {
                return List.of(); // two values for one key: nothing has both
            }
            reads.add(read);
        }
        return reads;
    }

    private static @Nullable Read read(
            Table table, @Nullable Index index, KeySchema key, KeyCases.Case one) {
        List<AttributeValue> partition = new ArrayList<>();
        for (KeyAttribute attribute : key.hashes()) {
            AttributeValue value = one.value(attribute);
            if (value == null) {
                return null;
            }
            partition.add(value);
        }
        int prefix = index == null ? DynamoDbKeys.ITEM : DynamoDbKeys.INDEX_ENTRY;
        long space = index == null ? table.number() : index.number();
        ByteArrayOutputStream begin = new ByteArrayOutputStream();
        begin.writeBytes(ItemKeys.partition(prefix, space, partition).toBytes());
        KeyRange range = KeyRange.all(begin.toByteArray());
        Condition rest = one.rest();
        boolean pinned = true;
        for (KeyAttribute attribute : key.ranges()) {
            AttributeValue value = one.value(attribute);
            for (KeyCases.Predicate predicate : one.of(attribute)) {
                if (pinned) {
                    range = common(range, predicate.says().range(begin.toByteArray()));
                } else {
                    rest = KeyCases.and(rest, predicate.condition());
                }
            }
            pinned &= value != null;
            if (value != null && pinned) {
                begin.writeBytes(KeyCodec.bytes(value));
            }
        }
        ConditionExpression filter = rest == null ? null : ConditionExpression.of(rest);
        return new Read(partition, range, filter, pinned && filter == null);
    }

    private static KeyRange common(KeyRange one, KeyRange other) {
        return new KeyRange(
                Arrays.compareUnsigned(one.from(), other.from()) > 0 ? one.from() : other.from(),
                Arrays.compareUnsigned(one.to(), other.to()) < 0 ? one.to() : other.to());
    }

    private static void checkDisjoint(List<Read> reads) {
        List<KeyRange> ranges = new ArrayList<>();
        for (Read read : reads) {
            if (Arrays.compareUnsigned(read.range().from(), read.range().to()) < 0) {
                ranges.add(read.range());
            }
        }
        ranges.sort((one, other) -> Arrays.compareUnsigned(one.from(), other.from()));
        for (int i = 1; i < ranges.size(); i++) {
            if (Arrays.compareUnsigned(ranges.get(i - 1).to(), ranges.get(i).from()) > 0) {
                throw StatementErrors.overlapping();
            }
        }
    }

    private static ReadPlan ordered(KeySchema key, List<Read> reads, List<Order> order) {
        Order byHash = term(order, key.hashes());
        Order bySort = term(order, key.ranges());
        if (byHash == null && partitions(reads) > 1) {
            throw DynamoDbErrors.validation(
                    "Must have hash key in ORDER BY clause when more than one hash key condition"
                            + " specified in WHERE clause.");
        }
        // without a term of its own the sort key goes down, even under an ascending partition key
        boolean descending = bySort == null || bySort.descending();
        Comparator<Read> byRange =
                (one, other) -> Arrays.compareUnsigned(one.range().from(), other.range().from());
        Comparator<Read> within = descending ? byRange.reversed() : byRange;
        Comparator<Read> byPartition = ReadPlan::compareHashes;
        Comparator<Read> across =
                byHash != null && byHash.descending() ? byPartition.reversed() : byPartition;
        List<Read> sorted = new ArrayList<>(reads);
        sorted.sort(across.thenComparing(within));
        return new ReadPlan(sorted, false, descending ? Direction.BACKWARD : Direction.FORWARD);
    }

    private static @Nullable Order term(List<Order> order, List<KeyAttribute> attributes) {
        for (Order term : order) {
            for (KeyAttribute attribute : attributes) {
                if (term.attribute().equals(attribute.name())) {
                    return term;
                }
            }
        }
        return null;
    }

    private static int partitions(List<Read> reads) {
        return reads.stream().map(Read::partition).collect(Collectors.toSet()).size();
    }

    private static int compareHashes(Read one, Read other) {
        for (int i = 0; i < one.partition().size(); i++) {
            Integer order = Values.compare(one.partition().get(i), other.partition().get(i));
            if (order == null) {
                throw new IllegalStateException("keys of several types");
            }
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
