package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.ContributorInsightsSummary;
import io.millrace.api.dynamodb.DescribeContributorInsightsInput;
import io.millrace.api.dynamodb.DescribeContributorInsightsOutput;
import io.millrace.api.dynamodb.ListContributorInsightsInput;
import io.millrace.api.dynamodb.ListContributorInsightsOutput;
import io.millrace.api.dynamodb.UpdateContributorInsightsInput;
import io.millrace.api.dynamodb.UpdateContributorInsightsOutput;
import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.service.dynamodb.KeyInsights.Measure;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.Table.KeySchema;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// `UpdateContributorInsights`, `DescribeContributorInsights` and `ListContributorInsights`:
/// whether the most accessed and most throttled keys of tables and global indexes are counted. What
/// is counted stands on [KeyInsightsPage].
///
/// Errors: `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContributorInsights.html).
final class ContributorInsights {
    private static final String ENABLED = "ENABLED";
    private static final String DISABLED = "DISABLED";
    private static final int PAGE_MAX = 100;

    private final Store store;
    private final InstantSource clock;
    private final KeyInsights counted;

    ContributorInsights(Store store, InstantSource clock, KeyInsights counted) {
        this.store = store;
        this.clock = clock;
        this.counted = counted;
    }

    /// @param forgotten the space whose counts end; 0 when they go on
    private record Updated(UpdateContributorInsightsOutput answer, long forgotten) {}

    UpdateContributorInsightsOutput update(Caller caller, UpdateContributorInsightsInput request) {
        TableName name = TableName.of(caller, request.tableName());
        long now = clock.millis();
        Updated updated = store.write(tx -> update(tx, name, request, now));
        if (updated.forgotten() != 0) {
            counted.forget(updated.forgotten());
        }
        return updated.answer();
    }

    private static Updated update(
            Transaction tx, TableName name, UpdateContributorInsightsInput request, long now) {
        Table table = Tables.table(tx, name);
        Index index = index(table, request.indexName());
        InsightsRule old = find(table, request.indexName());
        boolean enables = request.contributorInsightsAction().equals("ENABLE");
        String asked = request.contributorInsightsMode();
        String mode =
                asked == null && !enables && old != null
                        ? old.mode()
                        : asked == null ? InsightsRule.ALL_KEYS : asked;
        boolean settled =
                enables
                        ? old != null && old.enabled() && old.mode().equals(mode)
                        : old == null || !old.enabled();
        if (settled) {
            String told = old == null ? null : old.mode();
            return new Updated(answer(table, request, enables ? ENABLED : DISABLED, told), 0);
        }
        long created = old != null && old.enabled() ? old.createdMillis() : now;
        InsightsRule rule = new InsightsRule(request.indexName(), mode, enables, now, created);
        List<InsightsRule> rules = new ArrayList<>(table.features().insights());
        rules.removeIf(other -> other.isFor(request.indexName()));
        rules.add(rule);
        Tables.put(tx, table.with(table.features().withInsights(rules)));
        long space = index == null ? table.number() : index.number();
        return new Updated(
                answer(table, request, enables ? "ENABLING" : "DISABLING", mode),
                enables ? 0 : space);
    }

    private static UpdateContributorInsightsOutput answer(
            Table table,
            UpdateContributorInsightsInput request,
            String status,
            @Nullable String mode) {
        return new UpdateContributorInsightsOutput(table.name(), request.indexName(), status, mode);
    }

    /// Null for the table itself.
    static @Nullable Index index(Table table, @Nullable String name) {
        if (name == null) {
            return null;
        }
        Index index = table.index(name);
        if (index == null || !index.global()) {
            throw DynamoDbErrors.indexNotFound(name, table.name());
        }
        return index;
    }

    static @Nullable InsightsRule find(Table table, @Nullable String indexName) {
        for (InsightsRule rule : table.features().insights()) {
            if (rule.isFor(indexName)) {
                return rule;
            }
        }
        return null;
    }

    DescribeContributorInsightsOutput describe(
            Caller caller, DescribeContributorInsightsInput request) {
        TableName name = TableName.of(caller, request.tableName());
        return store.read(tx -> describe(Tables.table(tx, name), request.indexName()));
    }

    private static DescribeContributorInsightsOutput describe(
            Table table, @Nullable String indexName) {
        Index index = index(table, indexName);
        InsightsRule rule = find(table, indexName);
        if (rule == null) {
            return DescribeContributorInsightsOutput.builder()
                    .tableName(table.name())
                    .indexName(indexName)
                    .contributorInsightsStatus(DISABLED)
                    .build();
        }
        return DescribeContributorInsightsOutput.builder()
                .tableName(table.name())
                .indexName(indexName)
                .contributorInsightsStatus(rule.enabled() ? ENABLED : DISABLED)
                .contributorInsightsRuleList(rule.enabled() ? names(table, index, rule) : null)
                .lastUpdateDateTime(Instant.ofEpochMilli(rule.updatedMillis()))
                .contributorInsightsMode(rule.mode())
                .build();
    }

    private static List<String> names(Table table, @Nullable Index index, InsightsRule rule) {
        List<String> names = new ArrayList<>();
        for (Measure measure : measures(table, index, rule)) {
            names.add(
                    "DynamoDBContributorInsights-"
                            + measure
                            + "-"
                            + table.name()
                            + (index == null ? "" : "-" + index.name())
                            + "-"
                            + rule.createdMillis());
        }
        return names;
    }

    /// What is counted of a table or an index.
    static List<Measure> measures(Table table, @Nullable Index index, InsightsRule rule) {
        KeySchema key = index == null ? table.key() : index.key();
        List<Measure> measures = new ArrayList<>();
        for (Measure measure : Measure.values()) {
            if ((measure.throttled() || rule.accessed())
                    && (!measure.pair() || key.range() != null)) {
                measures.add(measure);
            }
        }
        return measures;
    }

    ListContributorInsightsOutput list(Caller caller, ListContributorInsightsInput request) {
        Integer asked = request.maxResults();
        int max = asked == null || asked < 1 ? PAGE_MAX : asked;
        String tableName = request.tableName();
        TableName name = tableName == null ? null : TableName.of(caller, tableName);
        List<ContributorInsightsSummary> all =
                store.read(
                        tx -> name == null ? all(tx, caller) : summaries(Tables.table(tx, name)));
        int from = 0;
        String token = request.nextToken();
        while (token != null && from < all.size() && token(all.get(from)).compareTo(token) <= 0) {
            from++;
        }
        List<ContributorInsightsSummary> page = all.subList(from, Math.min(all.size(), from + max));
        boolean more = from + page.size() < all.size();
        return new ListContributorInsightsOutput(page, more ? token(page.getLast()) : null);
    }

    /// Sorts as the summaries do: a table stands before its indexes.
    private static String token(ContributorInsightsSummary summary) {
        return summary.tableName() + (summary.indexName() == null ? "" : "/" + summary.indexName());
    }

    private static List<ContributorInsightsSummary> all(Snapshot tx, Caller caller) {
        byte[] prefix = DynamoDbKeys.tables(caller.accountId(), caller.region()).toBytes();
        List<ContributorInsightsSummary> all = new ArrayList<>();
        try (Cursor cursor = tx.range(prefix, Bytes.prefixEnd(prefix), Direction.FORWARD)) {
            while (cursor.next()) {
                all.addAll(summaries(Tables.decode(cursor.value())));
            }
        }
        all.sort((a, b) -> token(a).compareTo(token(b)));
        return all;
    }

    private static List<ContributorInsightsSummary> summaries(Table table) {
        List<ContributorInsightsSummary> summaries = new ArrayList<>();
        for (InsightsRule rule : table.features().insights()) {
            String indexName = rule.indexName();
            if (rule.enabled() && (indexName == null || table.index(indexName) != null)) {
                summaries.add(
                        new ContributorInsightsSummary(
                                table.name(), indexName, ENABLED, rule.mode()));
            }
        }
        summaries.sort((a, b) -> token(a).compareTo(token(b)));
        return summaries;
    }
}
