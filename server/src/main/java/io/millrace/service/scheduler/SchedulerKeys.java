package io.millrace.service.scheduler;

import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;

import java.nio.charset.StandardCharsets;

/// All durable keys of Scheduler; the timers of its schedules are those of `io.millrace.timer`.
///
/// | prefix | key | value | lives |
/// |---|---|---|---|
/// | `7a` group | account, region, name | [StoredGroup] as JSON | till deletion |
/// | `7b` schedule | account, region, group, name | [StoredSchedule] | till deletion |
/// | `7c` token | account, region, operation, token | time, digest of the request | 8 hours |
/// | `7d` removal | account, region, group | nothing | while the group's schedules are deleted |
///
/// The group `default` exists in every account and region, and is not stored.
final class SchedulerKeys {
    private static final int GROUP = 0x7a;
    private static final int SCHEDULE = 0x7b;
    private static final int TOKEN = 0x7c;
    private static final int REMOVAL = 0x7d;

    private SchedulerKeys() {}

    static byte[] groups(String accountId, String region) {
        return key(GROUP, accountId, region).toBytes();
    }

    static byte[] group(GroupName group) {
        return key(GROUP, group.accountId(), group.region()).string(group.name()).toBytes();
    }

    static byte[] schedules(String accountId, String region) {
        return key(SCHEDULE, accountId, region).toBytes();
    }

    static byte[] schedules(GroupName group) {
        return key(SCHEDULE, group.accountId(), group.region()).string(group.name()).toBytes();
    }

    /// Those of a group whose names begin with `namePrefix`: names have no zeroes to escape.
    static byte[] schedules(GroupName group, String namePrefix) {
        return key(SCHEDULE, group.accountId(), group.region())
                .string(group.name())
                .raw(namePrefix.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }

    static byte[] schedule(GroupName group, String name) {
        return key(SCHEDULE, group.accountId(), group.region())
                .string(group.name())
                .string(name)
                .toBytes();
    }

    static byte[] token(GroupName in, String operation, String token) {
        return key(TOKEN, in.accountId(), in.region()).string(operation).string(token).toBytes();
    }

    static byte[] tokens() {
        return new KeyWriter(TOKEN).toBytes();
    }

    static byte[] removal(GroupName group) {
        return key(REMOVAL, group.accountId(), group.region()).string(group.name()).toBytes();
    }

    static byte[] removals() {
        return new KeyWriter(REMOVAL).toBytes();
    }

    static GroupName readRemoval(byte[] key) {
        KeyReader reader = new KeyReader(key);
        return new GroupName(reader.string(), reader.string(), reader.string());
    }

    private static KeyWriter key(int prefix, String accountId, String region) {
        return new KeyWriter(prefix).string(accountId).string(region);
    }
}
