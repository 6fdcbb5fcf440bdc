package io.millrace.service.logs;

import io.millrace.api.logs.DescribeLogGroupsRequest;
import io.millrace.api.logs.DescribeLogGroupsResponse;
import io.millrace.api.logs.LogGroup;
import io.millrace.engine.Bytes;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/// `DescribeLogGroups`: groups in the order of their names. Error: `InvalidParameterException`.
/// Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html).
final class DescribeLogGroups
        implements Operation<DescribeLogGroupsRequest, DescribeLogGroupsResponse> {
    private final Store store;
    private final Groups groups;

    DescribeLogGroups(Store store, Groups groups) {
        this.store = store;
        this.groups = groups;
    }

    @Override
    public DescribeLogGroupsResponse handle(Caller caller, DescribeLogGroupsRequest request) {
        if (request.logGroupNamePrefix() != null && request.logGroupNamePattern() != null) {
            throw LogsErrors.invalidParameter(
                    "LogGroup name prefix and LogGroup name pattern are mutually exclusive"
                            + " parameters.");
        }
        String prefix = Objects.requireNonNullElse(request.logGroupNamePrefix(), "");
        Predicate<StoredGroup> wanted = wanted(caller, request);
        String after = Page.after(request.nextToken());
        Page<LogGroup> page = new Page<>(request.limit());
        store.read(snapshot -> {
            groups.each(
                    snapshot,
                    caller,
                    prefix,
                    after,
                    group ->
                            !wanted.test(group)
                                    || page.add(group.name(), shape(snapshot, caller, group)));
            return page;
        });
        return DescribeLogGroupsResponse.builder()
                .logGroups(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private static Predicate<StoredGroup> wanted(Caller caller, DescribeLogGroupsRequest request) {
        String part = Objects.requireNonNullElse(request.logGroupNamePattern(), "");
        String kind = request.logGroupClass();
        List<String> identifiers = request.logGroupIdentifiers();
        List<GroupName> names =
                identifiers == null
                        ? List.of()
                        : identifiers.stream()
                                .map(identifier -> GroupName.identified(caller, identifier))
                                .toList();
        return group ->
                group.name().contains(part)
                        && (kind == null || kind.equals(group.logGroupClass()))
                        && (identifiers == null
                                || names.contains(GroupName.of(caller, group.name())));
    }

    private static LogGroup shape(Snapshot snapshot, Caller caller, StoredGroup group) {
        GroupName name = GroupName.of(caller, group.name());
        return LogGroup.builder()
                .logGroupName(group.name())
                .creationTime(group.createdMillis())
                .retentionInDays(group.retentionDays())
                .metricFilterCount(0)
                .arn(name.arnOfEverything())
                .logGroupArn(name.arn().toString())
                .storedBytes(Bytes.counter(snapshot.get(LogsKeys.storedBytes(group.number()))))
                .kmsKeyId(group.kmsKeyId())
                .logGroupClass(group.logGroupClass())
                .deletionProtectionEnabled(group.deletionProtected())
                .build();
    }
}
