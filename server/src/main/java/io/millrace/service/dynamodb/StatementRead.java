package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.AttributeValue;
import io.millrace.engine.Snapshot;
import io.millrace.service.dynamodb.PageRead.Page;
import io.millrace.service.dynamodb.ReadPlan.Read;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeyAttribute;
import io.millrace.service.dynamodb.expression.ConditionExpression;
import io.millrace.service.dynamodb.expression.KeyRange;
import io.millrace.service.dynamodb.partiql.Statement.Select;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads one page of a `SELECT`: of its reads, one after the other, as many as a page takes.
///
/// @param index null for the table itself
record StatementRead(
        Table table, @Nullable Index index, Select select, ReadPlan plan, boolean consistent) {

    /// AWS answers so many reads by key in a page.
    private static final int READS_MAX = 10;

    /// @param next where the next page begins, or null when there is none
    record Rows(
            List<Map<String, AttributeValue>> items,
            @Nullable StatementToken next,
            Consumption consumption) {}

    /// @throws io.millrace.wire.ServiceException `ValidationException`
    static StatementRead of(Table table, Select select, boolean consistent) {
        Index index = index(table, select.source().index());
        if (index != null && index.global() && consistent) {
            throw DynamoDbErrors.validation(
                    "Strongly consistent read is not supported on Global Secondary Indexes");
        }
        if (select.projection() != null) {
            KeyPaths.checkScalar(table, select.projection().paths());
        }
        if (select.where() != null) {
            KeyPaths.checkScalar(table, ConditionExpression.of(select.where()).paths());
        }
        ReadPlan plan = ReadPlan.of(table, index, select.where(), select.order());
        Read first = plan.reads().getFirst();
        if (!plan.scans() && index != null && first.filter() != null) {
            Search.checkProjects(table, index, first.filter());
        }
        return new StatementRead(table, index, select, plan, consistent);
    }

    private static @Nullable Index index(Table table, @Nullable String name) {
        if (name == null) {
            return null;
        }
        Index index = table.index(name);
        if (index == null) {
            throw DynamoDbErrors.validation("The table does not have the specified index");
        }
        return index;
    }

    /// @param asked how many items to look at, or null
    Rows page(Snapshot tx, Meter meter, StatementToken from, @Nullable Integer asked) {
        List<Read> reads = plan.reads();
        if (from.read() >= reads.size()) {
            throw StatementToken.invalid();
        }
        Consumption consumption = meter.reads(table, Consumption.Kind.PLAIN);
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        int left = asked == null ? Integer.MAX_VALUE : asked;
        long bytes = 0;
        int i = from.read();
        int end = Math.min(reads.size(), i + READS_MAX);
        for (; i < end && bytes < DynamoDbLimits.PAGE_BYTES_MAX; i++) {
            Read read = reads.get(i);
            if (!read.partition().isEmpty()) {
                consumption.accessed(index, partition(read));
            }
            consumption.check(index);
            Map<String, AttributeValue> lastKey = i == from.read() ? from.lastKey() : null;
            Page page = read(read, lastKey, left).read(tx, consumption);
            if (page.items() != null) {
                items.addAll(page.items());
            }
            left -= page.scannedCount();
            bytes += page.bytes();
            if (page.lastKey() != null) {
                return new Rows(items, new StatementToken(i, page.lastKey()), consumption);
            }
        }
        StatementToken next = i < reads.size() ? new StatementToken(i, null) : null;
        return new Rows(items, next, consumption);
    }

    private Map<String, AttributeValue> partition(Read read) {
        List<KeyAttribute> hashes = (index == null ? table.key() : index.key()).hashes();
        Map<String, AttributeValue> partition = new LinkedHashMap<>();
        for (int i = 0; i < hashes.size(); i++) {
            partition.put(hashes.get(i).name(), read.partition().get(i));
        }
        return partition;
    }

    private PageRead read(Read read, @Nullable Map<String, AttributeValue> lastKey, int limit) {
        KeyRange range = read.range();
        if (lastKey != null) {
            byte[] behind = StartKey.position(table, index, lastKey);
            range = StartKey.behind(range, behind, plan.direction());
        }
        return new PageRead(
                table,
                index,
                range,
                plan.direction(),
                limit,
                read.filter(),
                new Selection(false, false, select.projection()),
                consistent);
    }
}
