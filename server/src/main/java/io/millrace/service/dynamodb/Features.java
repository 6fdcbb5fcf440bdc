package io.millrace.service.dynamodb;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What may be switched on for a table, and is read by every write. A feature that is off is null,
/// or its list is empty.
///
/// @param timeToLive which attribute tells when an item expires
/// @param pointInTime the change history that point-in-time recovery needs
/// @param snapshots the copies that are being taken, whose old items a write must save first
/// @param replication the other regions that hold the table
/// @param vectorIndexes the indexes for `SearchVectors`
/// @param encryption the asked form of encryption at rest
/// @param warmThroughput the asked warm throughput
/// @param kinesisDestinations the Kinesis streams that changes go to
/// @param insights what contributor insights count
/// @param guarded whether a resource policy says who may use it
/// @param origin where the table's items come from, when it was restored or imported
record Features(
        @Nullable TimeToLive timeToLive,
        @Nullable PointInTime pointInTime,
        List<RunningSnapshot> snapshots,
        @Nullable Replication replication,
        List<VectorIndex> vectorIndexes,
        @Nullable Encryption encryption,
        @Nullable WarmThroughput warmThroughput,
        List<KinesisDestination> kinesisDestinations,
        List<InsightsRule> insights,
        @Nullable Origin origin,
        boolean guarded) {

    static final Features NONE =
            new Features(
                    null, null, List.of(), null, List.of(), null, null, List.of(), List.of(), null,
                    false);

    Features {
        snapshots = snapshots == null ? List.of() : List.copyOf(snapshots);
        vectorIndexes = vectorIndexes == null ? List.of() : List.copyOf(vectorIndexes);
        kinesisDestinations =
                kinesisDestinations == null ? List.of() : List.copyOf(kinesisDestinations);
        insights = insights == null ? List.of() : List.copyOf(insights);
    }

    @Nullable VectorIndex vectorIndex(String name) {
        for (VectorIndex index : vectorIndexes) {
            if (index.name().equals(name)) {
                return index;
            }
        }
        return null;
    }

    Features with(@Nullable TimeToLive newTimeToLive) {
        return new Features(
                newTimeToLive,
                pointInTime,
                snapshots,
                replication,
                vectorIndexes,
                encryption,
                warmThroughput,
                kinesisDestinations,
                insights,
                origin,
                guarded);
    }

    Features with(@Nullable PointInTime newPointInTime) {
        return new Features(
                timeToLive,
                newPointInTime,
                snapshots,
                replication,
                vectorIndexes,
                encryption,
                warmThroughput,
                kinesisDestinations,
                insights,
                origin,
                guarded);
    }

    Features withSnapshots(List<RunningSnapshot> newSnapshots) {
        return new Features(
                timeToLive,
                pointInTime,
                newSnapshots,
                replication,
                vectorIndexes,
                encryption,
                warmThroughput,
                kinesisDestinations,
                insights,
                origin,
                guarded);
    }

    Features with(@Nullable Replication newReplication) {
        return new Features(
                timeToLive,
                pointInTime,
                snapshots,
                newReplication,
                vectorIndexes,
                encryption,
                warmThroughput,
                kinesisDestinations,
                insights,
                origin,
                guarded);
    }

    Features withVectorIndexes(List<VectorIndex> newVectorIndexes) {
        return new Features(
                timeToLive,
                pointInTime,
                snapshots,
                replication,
                newVectorIndexes,
                encryption,
                warmThroughput,
                kinesisDestinations,
                insights,
                origin,
                guarded);
    }

    Features with(@Nullable Encryption newEncryption) {
        return new Features(
                timeToLive,
                pointInTime,
                snapshots,
                replication,
                vectorIndexes,
                newEncryption,
                warmThroughput,
                kinesisDestinations,
                insights,
                origin,
                guarded);
    }

    Features with(@Nullable WarmThroughput newWarmThroughput) {
        return new Features(
                timeToLive,
                pointInTime,
                snapshots,
                replication,
                vectorIndexes,
                encryption,
                newWarmThroughput,
                kinesisDestinations,
                insights,
                origin,
                guarded);
    }

    Features withKinesisDestinations(List<KinesisDestination> newKinesisDestinations) {
        return new Features(
                timeToLive,
                pointInTime,
                snapshots,
                replication,
                vectorIndexes,
                encryption,
                warmThroughput,
                newKinesisDestinations,
                insights,
                origin,
                guarded);
    }

    Features withInsights(List<InsightsRule> newInsights) {
        return new Features(
                timeToLive,
                pointInTime,
                snapshots,
                replication,
                vectorIndexes,
                encryption,
                warmThroughput,
                kinesisDestinations,
                newInsights,
                origin,
                guarded);
    }

    Features with(Origin newOrigin) {
        return new Features(
                timeToLive,
                pointInTime,
                snapshots,
                replication,
                vectorIndexes,
                encryption,
                warmThroughput,
                kinesisDestinations,
                insights,
                newOrigin,
                guarded);
    }

    Features guarded(boolean newGuarded) {
        return new Features(
                timeToLive,
                pointInTime,
                snapshots,
                replication,
                vectorIndexes,
                encryption,
                warmThroughput,
                kinesisDestinations,
                insights,
                origin,
                newGuarded);
    }
}
