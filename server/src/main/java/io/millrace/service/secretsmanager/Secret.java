package io.millrace.service.secretsmanager;

import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A secret as it was found: its record, and of a replica also its primary's.
record Secret(SecretName name, StoredSecret own, @Nullable StoredSecret primary) {

    /// What a replica shares with its primary: all but the ARN, the key, and when it was read.
    StoredSecret shared() {
        return primary == null ? own : primary;
    }

    boolean isReplica() {
        return primary != null;
    }

    boolean isDeleted() {
        return shared().deletionMillis() != null;
    }

    Arn arn() {
        return name.arn(own.suffix());
    }

    /// What its values are bound to.
    Arn primaryArn() {
        String region = own.primaryRegion();
        return (region == null ? name : name.in(region)).arn(own.suffix());
    }

    /// The versions that have staging labels, by label.
    Map<String, String> versions() {
        return shared().versions();
    }

    List<String> labels(String versionId) {
        return Labels.of(versions(), versionId);
    }

    Secret with(StoredSecret changed) {
        return new Secret(name, changed, primary);
    }

    static @Nullable Instant day(@Nullable Long day) {
        return day == null ? null : Instant.EPOCH.plus(Duration.ofDays(day));
    }

    static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
