package io.millrace.service.dynamodb;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonFormat.Feature;

import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A table's record: everything that is durable about it but its items.
///
/// @param id the API's `TableId`
/// @param number the internal number of its items' space
/// @param stream the newest stream, on or off; null when there never was one
/// @param features what may be switched on; absent in records from before there was any
record Table(
        String accountId,
        String region,
        String name,
        String id,
        long number,
        long createdMillis,
        Schema schema,
        Settings settings,
        @Nullable StreamState stream,
        Map<String, String> tags,
        Features features) {

    Table {
        features = features == null ? Features.NONE : features;
    }

    /// What is fixed by the keys.
    ///
    /// @param definitions all attributes that are keys, in the order of the request
    record Schema(List<KeyAttribute> definitions, KeySchema key, List<Index> indexes) {}

    /// A key attribute and its type: S, N or B.
    record KeyAttribute(String name, String type) {}

    /// The primary key of a table, or the key of an index. Global indexes may have several
    /// attributes of each kind, which count one after the other; all others have one partition key
    /// and at most one sort key. Records from before there were several have one of each.
    record KeySchema(
            @JsonAlias("hash") @JsonFormat(with = Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                    List<KeyAttribute> hashes,
            @JsonAlias("range") @JsonFormat(with = Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                    List<KeyAttribute> ranges) {

        KeySchema {
            hashes = List.copyOf(hashes);
            ranges = ranges == null ? List.of() : List.copyOf(ranges);
        }

        /// The partition key, or its first attribute.
        KeyAttribute hash() {
            return hashes.getFirst();
        }

        /// The sort key, or its first attribute; null when there is none.
        @Nullable KeyAttribute range() {
            return ranges.isEmpty() ? null : ranges.getFirst();
        }

        List<KeyAttribute> attributes() {
            if (ranges.isEmpty()) {
                return hashes;
            }
            List<KeyAttribute> attributes = new ArrayList<>(hashes);
            attributes.addAll(ranges);
            return attributes;
        }

        List<String> names() {
            return attributes().stream().map(KeyAttribute::name).toList();
        }

        boolean has(String attribute) {
            return has(hashes, attribute) || has(ranges, attribute);
        }

        private static boolean has(List<KeyAttribute> attributes, String name) {
            for (KeyAttribute attribute : attributes) {
                if (attribute.name().equals(name)) {
                    return true;
                }
            }
            return false;
        }
    }

    /// A secondary index.
    ///
    /// @param number the internal number of its entries' space
    /// @param projectionType `ALL`, `KEYS_ONLY` or `INCLUDE`
    /// @param backfilling whether items from before the index may still lack their entries
    record Index(
            String name,
            long number,
            boolean global,
            KeySchema key,
            String projectionType,
            List<String> nonKeyAttributes,
            @Nullable Throughput throughput,
            @Nullable OnDemand onDemand,
            boolean backfilling) {

        boolean projectsAll() {
            return projectionType.equals("ALL");
        }

        Index with(@Nullable Throughput newThroughput, @Nullable OnDemand newOnDemand) {
            return new Index(
                    name,
                    number,
                    global,
                    key,
                    projectionType,
                    nonKeyAttributes,
                    newThroughput,
                    newOnDemand,
                    backfilling);
        }

        Index withBackfilling(boolean newBackfilling) {
            return new Index(
                    name,
                    number,
                    global,
                    key,
                    projectionType,
                    nonKeyAttributes,
                    throughput,
                    onDemand,
                    newBackfilling);
        }
    }

    /// @param decreasesToday of the UTC day of the last decrease
    record Throughput(
            long readUnits,
            long writeUnits,
            @Nullable Long lastIncreaseMillis,
            @Nullable Long lastDecreaseMillis,
            long decreasesToday) {}

    record OnDemand(@Nullable Long maxReadUnits, @Nullable Long maxWriteUnits) {}

    /// @param throughput null when billing is on demand
    /// @param payPerRequestMillis since when billing was last on demand, if ever
    record Settings(
            @Nullable Throughput throughput,
            @Nullable OnDemand onDemand,
            @Nullable Long payPerRequestMillis,
            @Nullable String tableClass,
            boolean deletionProtection) {

        boolean payPerRequest() {
            return throughput == null;
        }
    }

    /// @param number the internal number of the stream's log
    /// @param shards the open shards, in the order of the hashes; absent for shard 0 alone
    record StreamState(
            boolean enabled, String label, String viewType, long number, List<OpenShard> shards) {

        StreamState {
            shards = shards == null ? List.of() : List.copyOf(shards);
        }

        /// The shard for items whose partition key has this hash.
        int shard(int hash) {
            int shard = 0;
            for (OpenShard open : shards) {
                if (open.fromHash() <= hash) {
                    shard = open.shard();
                }
            }
            return shard;
        }

        StreamState with(List<OpenShard> newShards) {
            return new StreamState(enabled, label, viewType, number, newShards);
        }
    }

    /// @param fromHash the first hash of its range, which ends where the next one's begins
    record OpenShard(int shard, int fromHash) {}

    String arn() {
        return Arn.of("dynamodb", region, accountId, "table/" + name).toString();
    }

    KeySchema key() {
        return schema.key();
    }

    /// Whether it is still being filled by a restore or an import, and is nobody else's yet.
    boolean creating() {
        return features.origin() != null && features.origin().running();
    }

    boolean streaming() {
        return stream != null && stream.enabled();
    }

    @Nullable Index index(String indexName) {
        for (Index index : schema.indexes()) {
            if (index.name().equals(indexName)) {
                return index;
            }
        }
        return null;
    }

    List<Index> indexes(boolean global) {
        List<Index> found = new ArrayList<>();
        for (Index index : schema.indexes()) {
            if (index.global() == global) {
                found.add(index);
            }
        }
        return found;
    }

    /// With the index in the place of the one of its name, or behind the others.
    Table with(Index index) {
        List<Index> indexes = new ArrayList<>(schema.indexes());
        indexes.replaceAll(old -> old.name().equals(index.name()) ? index : old);
        if (index(index.name()) == null) {
            indexes.add(index);
        }
        return with(new Schema(schema.definitions(), schema.key(), indexes));
    }

    Table with(Settings newSettings) {
        return new Table(
                accountId,
                region,
                name,
                id,
                number,
                createdMillis,
                schema,
                newSettings,
                stream,
                tags,
                features);
    }

    Table with(StreamState newStream) {
        return new Table(
                accountId,
                region,
                name,
                id,
                number,
                createdMillis,
                schema,
                settings,
                newStream,
                tags,
                features);
    }

    Table withTags(Map<String, String> newTags) {
        return new Table(
                accountId,
                region,
                name,
                id,
                number,
                createdMillis,
                schema,
                settings,
                stream,
                new LinkedHashMap<>(newTags),
                features);
    }

    Table with(Features newFeatures) {
        return new Table(
                accountId,
                region,
                name,
                id,
                number,
                createdMillis,
                schema,
                settings,
                stream,
                tags,
                newFeatures);
    }

    Table with(Schema newSchema) {
        return new Table(
                accountId,
                region,
                name,
                id,
                number,
                createdMillis,
                newSchema,
                settings,
                stream,
                tags,
                features);
    }
}
