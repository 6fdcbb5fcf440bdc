package io.millrace.service.secretsmanager;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// A secret's record. A replica has only what differs from its primary; see [Secret].
///
/// @param suffix the six random characters that end its ARN
/// @param id of its versions: the primary's, in a replica
/// @param accessedDay the day on which its value was last read, in days of the epoch
/// @param tags null as long as it had none
/// @param versions the versions that have staging labels, by label
/// @param deletionMillis when it is going to be deleted; null when it is not
/// @param primaryRegion where the primary is; null as long as it was never replicated
/// @param replicas where replicas are, or should be
record StoredSecret(
        String name,
        String suffix,
        long id,
        @Nullable String description,
        @Nullable String kmsKeyId,
        @Nullable String type,
        long createdMillis,
        long changedMillis,
        @Nullable Long accessedDay,
        @Nullable Map<String, String> tags,
        Map<String, String> versions,
        @Nullable Long deletionMillis,
        @Nullable String policy,
        @Nullable StoredRotation rotation,
        @Nullable String primaryRegion,
        List<StoredReplica> replicas) {

    /// A region that a secret is replicated to.
    ///
    /// @param failure why it is not there; null when it is
    record StoredReplica(String region, @Nullable String kmsKeyId, @Nullable String failure) {}

    StoredSecret {
        versions = versions == null ? Map.of() : versions;
        replicas = replicas == null ? List.of() : replicas;
    }

    Changes change() {
        return new Changes(this);
    }

    /// What is going to be different.
    static final class Changes {
        private final StoredSecret before;
        private @Nullable String description;
        private @Nullable String kmsKeyId;
        private @Nullable String type;
        private long changedMillis;
        private @Nullable Long accessedDay;
        private @Nullable Map<String, String> tags;
        private Map<String, String> versions;
        private @Nullable Long deletionMillis;
        private @Nullable String policy;
        private @Nullable StoredRotation rotation;
        private @Nullable String primaryRegion;
        private List<StoredReplica> replicas;

        private Changes(StoredSecret before) {
            this.before = before;
            this.description = before.description;
            this.kmsKeyId = before.kmsKeyId;
            this.type = before.type;
            this.changedMillis = before.changedMillis;
            this.accessedDay = before.accessedDay;
            this.tags = before.tags;
            this.versions = before.versions;
            this.deletionMillis = before.deletionMillis;
            this.policy = before.policy;
            this.rotation = before.rotation;
            this.primaryRegion = before.primaryRegion;
            this.replicas = before.replicas;
        }

        Changes description(@Nullable String value) {
            description = value;
            return this;
        }

        Changes kmsKeyId(@Nullable String value) {
            kmsKeyId = value;
            return this;
        }

        Changes type(@Nullable String value) {
            type = value;
            return this;
        }

        Changes changedAt(long millis) {
            changedMillis = millis;
            return this;
        }

        Changes accessedDay(long day) {
            accessedDay = day;
            return this;
        }

        Changes tags(Map<String, String> value) {
            tags = value;
            return this;
        }

        Changes versions(Map<String, String> value) {
            versions = value;
            return this;
        }

        Changes deletionMillis(@Nullable Long value) {
            deletionMillis = value;
            return this;
        }

        Changes policy(@Nullable String value) {
            policy = value;
            return this;
        }

        Changes rotation(@Nullable StoredRotation value) {
            rotation = value;
            return this;
        }

        Changes primaryRegion(@Nullable String value) {
            primaryRegion = value;
            return this;
        }

        Changes replicas(List<StoredReplica> value) {
            replicas = value;
            return this;
        }

        StoredSecret done() {
            return as(before.id);
        }

        /// The same with versions of its own.
        StoredSecret as(long id) {
            return new StoredSecret(
                    before.name,
                    before.suffix,
                    id,
                    description,
                    kmsKeyId,
                    type,
                    before.createdMillis,
                    changedMillis,
                    accessedDay,
                    tags,
                    versions,
                    deletionMillis,
                    policy,
                    rotation,
                    primaryRegion,
                    replicas);
        }
    }
}
