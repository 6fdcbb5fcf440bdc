package io.millrace.service.logs;

import io.millrace.api.logs.ListLogGroupsRequest;
import io.millrace.api.logs.ListLogGroupsResponse;
import io.millrace.api.logs.LogGroupSummary;
import io.millrace.api.logs.TagFilter;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Predicate;

/// `ListLogGroups`: names of groups, in their order. Error: `InvalidParameterException`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListLogGroups.html).
final class ListLogGroups implements Operation<ListLogGroupsRequest, ListLogGroupsResponse> {
    private final Store store;
    private final Groups groups;

    ListLogGroups(Store store, Groups groups) {
        this.store = store;
        this.groups = groups;
    }

    @Override
    public ListLogGroupsResponse handle(Caller caller, ListLogGroupsRequest request) {
        if (request.dataSources() != null || request.fieldIndexNames() != null) {
            throw LogsErrors.notImplemented("Listing log groups by data source or field index");
        }
        String kind = request.logGroupClass();
        Predicate<StoredGroup> wanted =
                group ->
                        hasName(group, request.logGroupNamePattern())
                                && (kind == null || kind.equals(group.logGroupClass()))
                                && hasTags(group, request.logGroupTags());
        String after = Page.after(request.nextToken());
        Page<LogGroupSummary> page = new Page<>(request.limit());
        store.read(snapshot -> {
            groups.each(
                    snapshot,
                    caller,
                    "",
                    after,
                    group -> !wanted.test(group) || page.add(group.name(), shape(caller, group)));
            return page;
        });
        return ListLogGroupsResponse.builder()
                .logGroups(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    /// @param pattern texts between `|`, of which one is in the name; `^` is the name's beginning
    private static boolean hasName(StoredGroup group, @Nullable String pattern) {
        if (pattern == null) {
            return true;
        }
        for (String part : pattern.split("\\|", -1)) {
            boolean has =
                    part.startsWith("^")
                            ? group.name().startsWith(part.substring(1))
                            : group.name().contains(part);
            if (has) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasTags(StoredGroup group, @Nullable List<TagFilter> filters) {
        return filters == null || filters.stream().allMatch(filter -> hasTag(group, filter));
    }

    private static boolean hasTag(StoredGroup group, TagFilter filter) {
        String value = group.tags().get(filter.key());
        List<String> values = filter.values();
        return value != null && (values == null || values.isEmpty() || values.contains(value));
    }

    private static LogGroupSummary shape(Caller caller, StoredGroup group) {
        return LogGroupSummary.builder()
                .logGroupName(group.name())
                .logGroupArn(GroupName.of(caller, group.name()).arn().toString())
                .logGroupClass(group.logGroupClass())
                .build();
    }
}
