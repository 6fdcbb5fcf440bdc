package io.millrace.service.dynamodb;

import io.millrace.service.dynamodb.Table.StreamState;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The regions of a global table. All have the same items; each has its own record, with this list
/// in it, and its own stream.
record Replication(List<Member> members) {
    private static final Duration SOURCE_PERIOD = Duration.ofHours(24);

    /// @param source the region that it was made from; null for the first one
    /// @param stream the region's stream, to which writes in every region are appended
    record Member(
            String region,
            @Nullable String source,
            long createdMillis,
            @Nullable StreamState stream) {

        Member with(@Nullable StreamState newStream) {
            return new Member(region, source, createdMillis, newStream);
        }
    }

    Replication {
        members = List.copyOf(members);
    }

    @Nullable Member member(String region) {
        for (Member member : members) {
            if (member.region().equals(region)) {
                return member;
            }
        }
        return null;
    }

    /// With a new member, or a changed one in its place.
    Replication with(Member changed) {
        List<Member> all = new ArrayList<>(members);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).region().equals(changed.region())) {
                all.set(i, changed);
                return new Replication(all);
            }
        }
        all.add(changed);
        return new Replication(all);
    }

    /// Null when a single region is left, which is a global table no more.
    @Nullable Replication without(String region) {
        List<Member> left = new ArrayList<>(members);
        left.removeIf(member -> member.region().equals(region));
        return left.size() < 2 ? null : new Replication(left);
    }

    /// Whether a region of the table was made from this one a short while ago.
    boolean isSource(String region, Instant now) {
        return members.stream()
                .anyMatch(member ->
                        region.equals(member.source())
                                && Instant.ofEpochMilli(member.createdMillis())
                                        .plus(SOURCE_PERIOD)
                                        .isAfter(now));
    }
}
